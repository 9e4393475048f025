"""Everything that happened on a case, in one list: messages, notes, the clock, the steps of the work."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import F, Prefetch
from django.db.models.functions import Length, Substr
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from requests_app import labels, selectors
from requests_app.domain.clock import Ruling
from requests_app.domain.enums import Channel, Direction, Intent, MessageState, SuspensionKind
from requests_app.domain.national_numbers import without_numbers
from requests_app.models import Attachment, Case, Message
from requests_app.services import clock, excision
from requests_app.services.sending import SECRET

from . import delivery_state, documents, history_words, quotation, systems

LONGEST_SHOWN = 20_000  # characters of one message

SHOW: dict[str, Promise] = {
    "all": _("All"),
    "messages": _("Messages"),
    "notes": _("Notes"),
    "system": pgettext_lazy("timeline", "Steps"),
}
STANDS: dict[str, Promise] = {
    SuspensionKind.IDENTITY: _("The clock stands still: we wait for the person to confirm their identity"),
    SuspensionKind.CLARIFICATION: _(
        "The clock stands still: we wait for the person to say more precisely what they mean"
    ),
}
ASKED_LATE: dict[str, Promise] = {
    SuspensionKind.IDENTITY: _("Asked about identity, too late to stop the clock"),
    SuspensionKind.CLARIFICATION: _("Asked what exactly the person wants, too late to stop the clock"),
}


@dataclass(frozen=True)
class File:
    """A link below an entry."""

    name: str
    url: str


@dataclass(frozen=True)
class Entry:
    """One line; `alarm` says in words what went wrong with it, `again` is where it can be sent once more.

    `waits` says why a message has not gone yet, and when it is tried next.

    The text of a `folded` one is shown on demand: nobody reads our own standard letters twice.
    """

    kind: str
    when: datetime
    who: str
    title: str
    text: str = ""
    state: str = ""
    alarm: str = ""
    waits: str = ""
    again: str = ""
    folded: bool = False
    files: tuple[File, ...] = ()


def entries(case: Case, show: str = "all", *, writes: bool = False) -> list[Entry]:
    """Return the timeline of a case, the latest first; `show` is a key of SHOW. Whoever `writes` may quote from it."""
    sources: dict[str, Iterable[Entry]] = {
        "messages": _messages(case, writes=writes),
        "notes": _notes(case),
        "system": [*_clock(case), *_history(case)],
    }
    chosen = sources.values() if show == "all" else [sources[show]]
    found = (_without_numbers(entry) for source in chosen for entry in source)
    return sorted(found, key=lambda entry: entry.when, reverse=True)


def _without_numbers(entry: Entry) -> Entry:
    return replace(
        entry,
        who=without_numbers(entry.who),
        title=without_numbers(entry.title),
        text=without_numbers(entry.text),
        files=tuple(File(without_numbers(file.name), file.url) for file in entry.files),
    )


def staff_names() -> dict[int, str]:
    """Return the names of everybody who works or worked here, by number."""
    return {user.pk: user.name for user in get_user_model().objects.only("pk", "name")}


def _messages(case: Case, *, writes: bool) -> Iterator[Entry]:
    rows = list(
        case.messages.defer("body")
        .annotate(shown=Substr("body", 1, LONGEST_SHOWN), length=Length("body"))
        .annotate(
            sender=F("inquiry__sender_address"), attached=F("inquiry__attachments"), channel=F("inquiry__channel")
        )
        .select_related("author")
        .prefetch_related("reports", Prefetch("attachments", Attachment.objects.light()))
    )
    owed = set(excision.originals().filter(case=case).values_list("pk", flat=True))
    next_tries = selectors.next_tries(row.pk for row in rows if row.state == MessageState.QUEUED)
    quotable = set(quotation.messages(case).values_list("pk", flat=True)) if writes else set()
    for row in rows:
        if row.direction == Direction.IN:
            yield _received(row, case, owed=row.inquiry_id in owed, quotable=row.pk in quotable)
        else:
            yield _sent(row, case, next_tries)


def _received(row: Message, case: Case, *, owed: bool, quotable: bool) -> Entry:
    return Entry(
        kind="message_in",
        when=row.created_at,
        who=_writer(row, case),
        title=_titled(row),
        text=_text(row),
        files=(*_original(row), *(_quote(row) if quotable else ())),
        alarm=gettext("This mail still lies in our mailbox with what was removed here. Delete it there.")
        if owed
        else "",
    )


def _quote(row: Message) -> tuple[File, ...]:
    """Where an answer begins that quotes this message."""
    return (File(gettext("Quote in an answer"), f"?quote={row.pk}#write"),)


def _writer(row: Message, case: Case) -> str:
    """The person, or the address of somebody else whose mail was put on the case."""
    sender = getattr(row, "sender", "") or ""
    return _person(case) if sender.lower() in ("", case.person_email.lower()) else sender


def _sent(row: Message, case: Case, next_tries: Mapping[int, datetime]) -> Entry:
    if row.intent == Intent.OUTSIDE:
        return _outside(row)
    told = delivery_state.of(row, next_tries)
    return Entry(
        kind="message_out",
        when=row.sent_at or row.created_at,
        who=row.author.name if row.author else "Datarett",
        title=_titled(row),
        text=SECRET.sub(gettext("[personal link or code, only in the mail itself]"), _text(row)),
        state=told.state,
        folded=row.intent != Intent.STAFF_MESSAGE,
        alarm=told.alarm,
        waits=told.waits,
        again=reverse("requests:desk:again", args=[case.reference, row.pk]) if told.again else "",
        files=(*_attached(row, case), *_for_the_post(row, case), *_reported(row)),
    )


def _attached(row: Message, case: Case) -> tuple[File, ...]:
    """The files that went with a message."""
    return tuple(
        File(
            f"{one.name} ({filesizeformat(one.size)})",
            reverse("requests:desk:attachment", args=[case.reference, one.pk]),
        )
        for one in row.attachments.all()
    )


def _outside(row: Message) -> Entry:
    """What somebody here wrote in their own mail program: nobody knows who, where several have the mailbox."""
    return Entry(
        kind="message_out",
        when=row.created_at,
        who=gettext("A colleague"),
        title=_titled(row),
        text=_text(row),
        state=str(delivery_state.DELIVERY[MessageState.SENT]) % {"to": row.to_address},
    )


def _for_the_post(row: Message, case: Case) -> tuple[File, ...]:
    """The mail as PDF; a code that works for minutes, or words that we took back, are nothing to post."""
    if row.intent == Intent.ONE_TIME_CODE or row.state == MessageState.DROPPED:
        return ()
    return (File(gettext("As PDF for post"), reverse(settings.MESSAGE_AS_PDF, args=[case.reference, row.pk])),)


def _reported(row: Message) -> tuple[File, ...]:
    """What mail servers wrote of this mail, as it came."""
    return tuple(
        File(
            gettext("Why it came back") if one.came_back else gettext("Why it is late"),
            reverse("requests:desk:inquiry", args=[one.inquiry_id]),
        )
        for one in row.reports.all()
    )


def _titled(row: Message) -> str:
    words = str(labels.INTENTS[row.intent])
    return f"{words}: {row.subject}" if row.subject else words


def _text(row: Message) -> str:
    shown, length = str(getattr(row, "shown", "")), int(getattr(row, "length", 0))
    cut = gettext("[The rest is not shown here.]")
    return f"{shown}\n\n{cut}" if length > LONGEST_SHOWN else shown


def _original(row: Message) -> tuple[File, ...]:
    if row.inquiry_id is None or row.direction != Direction.IN:
        return ()
    url = reverse("requests:desk:inquiry", args=[row.inquiry_id])
    came = File(gettext("As it came"), url)
    words = (
        documents.offer(getattr(row, "attached", None) or [], _text(row))
        if getattr(row, "channel", "") == Channel.MAIL
        else ""
    )
    return (came, File(words, f"{url}#documents")) if words else (came,)


def _notes(case: Case) -> Iterator[Entry]:
    for row in case.notes.select_related("author"):
        yield Entry("note", row.created_at, row.author.name, gettext("Internal note"), row.text)


def _clock(case: Case) -> Iterator[Entry]:
    """Tell a question once, although each request of the case has a row of its own for it."""
    told: set[tuple[str, str]] = set()
    asked = [pair for dsr in case.dsrs.order_by("id") for pair in clock.judged(dsr)]
    for row, interval in asked:
        counted = interval.ruling is Ruling.COUNTED
        for when, words in (
            (row.asked_at, STANDS[row.kind] if counted else ASKED_LATE[row.kind]),
            (row.answered_at, _("The clock runs again") if counted else _("Answered; the clock had not stopped")),
        ):
            if when is None or (mark := (str(words), f"{when:%Y%m%d%H%M}")) in told:
                continue
            told.add(mark)
            yield Entry("clock", when, "", str(words))


def _history(case: Case) -> Iterator[Entry]:
    names, called, dsrs = staff_names(), systems.names(), {f"dsr:{dsr.pk}": dsr for dsr in case.dsrs.all()}
    for row in selectors.history(case):
        dsr = dsrs.get(row.subject)
        told = history_words.told(row, names, dsr.right if dsr else "", called)
        if told is None:
            continue
        kind, title = told
        if dsr is not None and len(dsrs) > 1:
            title = f"{labels.right_label(dsr.right)}: {title}"
        yield Entry(kind, row.at, history_words.who(row, names, _person(case)), title)


def _person(case: Case) -> str:
    return case.person_name or case.person_email or gettext("the person")
