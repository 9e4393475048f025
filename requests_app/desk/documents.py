"""Identity documents that nobody had asked for: pointed out on the inquiry, cut out at a press, owed in the mailbox."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from requests_app.domain.enums import ExcisionKind
from requests_app.domain.errors import ActionRefused
from requests_app.mailbox import excise, identity_documents
from requests_app.models import Excision, HeldFile, Inquiry, MailboxHealth, Sighting
from requests_app.permissions import Permission, Staff, requires, staff
from requests_app.reasons import sentence
from requests_app.services import excision, unasked
from requests_app.services.reading import BACKLOG

LONGEST_PLACE = 5  # digits and one
MOST_OWED = 20  # originals that the inbox lists; more are listed when these are seen to


@dataclass(frozen=True)
class File:
    """An attachment that can be cut out, by its place; `suspect`: its name or the text says that it may be one.

    `held`: since when it is hidden, and until when it is there. `numbers`: so many identity numbers stand in it.
    """

    place: int
    name: str
    suspect: bool
    held: HeldFile | None = None
    numbers: int = 0


@dataclass(frozen=True)
class Place:
    """Where a mail lies in a mailbox."""

    mailbox: str
    folder: str


@dataclass(frozen=True)
class Documents:
    """What the panel of an inquiry shows."""

    files: list[File]
    numbers: int
    cuts: list[Excision]
    owed: bool
    places: list[Place]

    @property
    def suspects(self) -> list[File]:
        """The files that look like an identity document."""
        return [file for file in self.files if file.suspect]

    @property
    def numbered(self) -> list[File]:
        """The files in which identity numbers stand."""
        return [file for file in self.files if file.numbers]

    @property
    def held(self) -> list[File]:
        """The files that are hidden."""
        return [file for file in self.files if file.held]

    @property
    def held_places(self) -> set[int]:
        """Where those stand in the list of attachments."""
        return {file.place for file in self.held}

    @property
    def hides(self) -> bool:
        """Whether something in the inquiry is not shown."""
        return bool(self.held or self.numbers)

    @property
    def noticed(self) -> bool:
        """Whether something looks like one."""
        return bool(self.suspects or self.numbers)


@dataclass(frozen=True)
class Original:
    """A mail that is to be deleted in the mailbox."""

    url: str
    received_at: datetime
    places: list[Place]


def of(row: Inquiry) -> Documents | None:
    """Return what there is to say of identity documents in an inquiry, or None: nothing was attached, or said."""
    cuts = list(row.excisions.select_related("removed_by", "original_deleted_by"))
    files, numbers = ([], 0) if not excision.may_be_cut(row) else (_files(row, cuts), _numbers(row))
    if not (files or numbers or cuts):
        return None
    owed = bool(cuts) and excision.originals().filter(pk=row.pk).exists()
    return Documents(files, numbers, cuts, owed, _places(row) if owed else [])


def offer(attachments: list[dict[str, object]], text: str) -> str:
    """Return the words of a link from a message to the panel of its inquiry, "" where there is nothing to remove."""
    left = [one for one in attachments if one["name"] != excise.NAME]
    numbers = identity_documents.numbers_in(text) or identity_documents.numbers_attached(left)
    if identity_documents.suspects(left, text) or numbers:
        return gettext("Remove the identity document nobody asked for")
    return gettext("Remove an identity document") if left else ""


def stuck(user: Staff) -> list[Original]:
    """Return the mails, of those somebody may see, in which a hidden file should be gone and could not be cut out."""
    failed = HeldFile.objects.failed().values("inquiry")
    rows = Inquiry.objects.light().visible_to(user).filter(pk__in=failed).order_by("received_at", "pk")[:MOST_OWED]
    return [Original(_url(row.pk), row.received_at, []) for row in rows]


def originals(user: Staff) -> list[Original]:
    """Return the mails, of those somebody may see, that are to be deleted in the mailbox, the oldest first."""
    rows = excision.originals().visible_to(user)[:MOST_OWED]
    return [Original(_url(row.pk), row.received_at, _places(row)) for row in rows]


@require_POST
@requires(Permission.SORT)
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Cut an attachment, the numbers or all that is attached out of a stored mail, once somebody has confirmed it."""
    row = get_object_or_404(Inquiry.objects.light(), pk=pk)
    actor, what = staff(request).as_actor(), request.POST.get("what", "")
    if "confirmed" not in request.POST and (named := _named(row, what)):
        context = {"inquiry": row, "what": what, "removed": named}
        return render(request, "requests_app/desk/document_check.html", context)
    try:
        if what == ExcisionKind.NUMBERS:
            excision.remove_numbers(row.pk, actor=actor)
        elif what == ExcisionKind.ALL_BUT_TEXT:
            excision.keep_text_only(row.pk, actor=actor)
        elif what.isascii() and what.isdigit() and len(what) < LONGEST_PLACE:
            excision.remove_attachment(row.pk, int(what), actor=actor)
        else:
            messages.error(request, gettext("Choose what is to be removed."))
            return redirect(_url(row.pk))
    except ActionRefused as refused:
        messages.error(request, sentence(refused.reason))
    else:
        messages.success(request, gettext("Removed from our copy. The mail itself still lies in the mailbox."))
    return redirect(_url(row.pk))


@require_POST
@requires(Permission.SORT)
def free(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a hidden file is no identity document."""
    row, place = get_object_or_404(Inquiry.objects.light(), pk=pk), request.POST.get("place", "")
    try:
        known = place.isascii() and place.isdigit() and len(place) < LONGEST_PLACE
        unasked.free(row.pk, int(place) if known else -1, actor=staff(request).as_actor())
    except ActionRefused as refused:
        messages.error(request, sentence(refused.reason))
    else:
        messages.success(request, gettext("Noted: the file is no identity document, and stays."))
    return redirect(_url(row.pk))


@require_POST
@requires(Permission.SORT)
def original_deleted(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the mail was deleted in the mailbox, too."""
    row = get_object_or_404(Inquiry.objects.light(), pk=pk)
    excision.original_deleted(row.pk, actor=staff(request).as_actor())
    messages.success(request, gettext("Noted: the mail is deleted in the mailbox, too."))
    return redirect(_url(row.pk))


def _named(row: Inquiry, what: str) -> list[str]:
    """What a press would remove, in words; nothing where it would be refused."""
    there = of(row)
    if there is None:
        return []
    if what == ExcisionKind.NUMBERS:
        words = ngettext("an identity number", "%(n)s identity numbers", there.numbers) % {"n": there.numbers}
        return [words] if there.numbers else []
    return [file.name for file in there.files if what in (str(file.place), ExcisionKind.ALL_BUT_TEXT)]


def _url(pk: int) -> str:
    return f"{reverse('requests:desk:inquiry', args=[pk])}#documents"


def _files(row: Inquiry, cuts: list[Excision]) -> list[File]:
    gone = {cut.position for cut in cuts}
    known = {one.position: one for one in row.held_files.all()}
    freed = {place for place, one in known.items() if one.freed_at}
    held = {place: one for place, one in known.items() if not one.freed_at and not one.deleted_at}
    suspects = {*identity_documents.suspects(row.attachments, row.words), *held} - freed
    return [
        File(
            place,
            str(one["name"]) or gettext("(no name)"),
            place in suspects,
            held.get(place),
            identity_documents.numbers_attached([one]),
        )
        for place, one in enumerate(row.attachments)
        if place not in gone and one["name"] != excise.NAME
    ]


def _numbers(row: Inquiry) -> int:
    """How many there are in the words and in the files; what stands in an attached mail is counted with its file."""
    attached = identity_documents.numbers_attached(row.attachments)
    words = identity_documents.numbers_in(row.subject, row.text if attached else row.words)
    return (words or identity_documents.numbers_in(row.html)) + attached


def _places(row: Inquiry) -> list[Place]:
    seen = Sighting.objects.filter(inquiry=row).order_by("mailbox", "folder", "uid")
    return list(dict.fromkeys(Place(_name_of(one.mailbox), one.folder) for one in seen))


def _name_of(mailbox: str) -> str:
    if mailbox == BACKLOG:
        return gettext("the files that were imported")
    return MailboxHealth(name=mailbox).short_name
