"""The way of an answer to the person: announced by mail, fetched behind a one-time code, five times in 14 days."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Count, Max
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from exports import vault
from exports.domain.bundle import DATA_JSON, DOCUMENTS, MANIFEST_JSON
from exports.domain.portability import FIELD_GUIDE, PORTABILITY_JSON
from exports.models import Bundle, BundleFile, Download
from requests_app import audit
from requests_app.domain.enums import DeliveryWay, Intent, Stage
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import PERSON, SYSTEM, Actor, Reason
from requests_app.labels import right_label
from requests_app.models import Case, DataSubjectRequest
from requests_app.services import collision, correspondence, decision, emergency, portal_access, readers
from requests_app.services.correspondence import Words
from requests_app.services.rows import lock_request

from . import bundle_files, endings

AVAILABLE = timedelta(days=Bundle.DAYS_AVAILABLE)
_RELEASED = (Stage.RELEASED, Stage.CLOSED)
_FOR_MACHINES = 2
_READY = "exports/mail/answer_ready"


@dataclass(frozen=True, slots=True)
class Fetched:
    """One file in clear, counted as fetched."""

    name: str
    media_type: str
    content: bytes

    def __repr__(self) -> str:
        return f"<Fetched {self.name}>"


@dataclass(frozen=True, slots=True)
class Counted:
    """A file of an answer, and how often the person has fetched it."""

    file: BundleFile
    fetched: int

    @property
    def left(self) -> int:
        """How often it can still be fetched."""
        return Bundle.MAX_DOWNLOADS - self.fetched

    @property
    def for_people(self) -> bool:
        """True for what is read: the letter and documents; the rest is the same data for machines."""
        return _rank(self.file.name) < _FOR_MACHINES


def announce(dsr_id: int) -> None:
    """The answer was released: open it for 14 days and tell the person. Runs once per package.

    What ends without a decision is told by a plain mail, or the same on paper; no other answer that goes by post or is
    handed over is announced.
    """
    with transaction.atomic():
        dsr = lock_request(dsr_id)
        if dsr.stage == Stage.RELEASED and (ending := endings.of(dsr)):
            endings.announce(dsr, ending)
            return
        bundle = Bundle.objects.current().get(dsr=dsr) if dsr.stage == Stage.RELEASED else None
        if bundle is not None and bundle.released_at is None:
            _open(dsr, bundle, SYSTEM)


def announcement(dsr: DataSubjectRequest) -> Words | None:
    """Return the mail that will tell the person, with a stand-in for the link; None when staff tell or send it.

    Raises `wording.Unresolved`.
    """
    if ending := endings.of(dsr):
        return endings.words(dsr, ending)
    if decision.by_hand(dsr):
        return None
    context = _context(dsr, timezone.now() + AVAILABLE)
    return correspondence.preview(dsr.case, _READY, context, secrets={"link": _("[the personal link]")})


def offered(case: Case) -> list[Bundle]:
    """Return the answers the person may see: of each request the one that was released last.

    It stays while a reopened request is worked on again: two persons released it, the database sees to that. One code
    opens them all, so a release to another address takes back what was offered to the address before.
    """
    released = Bundle.objects.released().filter(dsr__case=case).select_related("dsr")
    fetchable = released.exclude(dsr__decision__delivery_way__in=list(DeliveryWay))
    newest: dict[int, Bundle] = {}
    for bundle in fetchable:
        newest.setdefault(bundle.dsr_id, bundle)
    return [bundle for bundle in newest.values() if bundle.delivery_address == released[0].delivery_address]


def code_address(case: Case) -> str:
    """Return where the code for the offered answers goes, as it was released; empty when nothing is offered."""
    found = offered(case)
    return found[0].delivery_address if found else ""


def files_of(bundle: Bundle) -> list[Counted]:
    """Return the files of an answer, the letter first and what is for programs last."""
    counts = dict(
        Download.objects.filter(file__bundle=bundle).values("file").annotate(n=Count("pk")).values_list("file", "n")
    )
    files = sorted(bundle.files.all(), key=lambda file: (_rank(file.name), file.name))
    return [Counted(file, counts.get(file.pk, 0)) for file in files]


def why_not(bundle: Bundle) -> Reason | None:
    """Return why the person cannot fetch an answer any more, or None."""
    if bundle.purged_at:
        return Reason("delivery_purged")
    return None if bundle.is_open(timezone.now()) else Reason("delivery_over")


def fetch(case: Case, file_id: int) -> Fetched:
    """Count one download and return the file: the count is there before anything is handed over.

    Raises BundleFile.DoesNotExist for a file that is not in an answer of this case, ActionRefused when it cannot be
    fetched any more.
    """
    file = BundleFile.objects.select_related("bundle").get(pk=file_id, bundle__in=offered(case))
    if reason := why_not(file.bundle):
        raise ActionRefused(reason)
    try:
        content = bundle_files.read(file)
    except vault.MissingFile:
        raise ActionRefused(Reason("delivery_purged")) from None
    except bundle_files.UnreadableFile:
        raise ActionRefused(Reason("delivery_unreadable")) from None
    _count(file, case)
    return Fetched(file.name, file.media_type, content)


def record_preview(file: BundleFile, actor: Actor) -> None:
    """Write down that a member of staff looked at a file of an answer, or fetched it to post it or hand it over."""
    dsr = file.bundle.dsr
    action = "answer.printed" if file.bundle.released_at and decision.by_hand(dsr) else "answer.previewed"
    with transaction.atomic():
        audit.record(action, f"dsr:{dsr.pk}", actor, bundle=file.bundle_id, sha256=file.sha256)


def offer_again(dsr_id: int, *, actor: Actor, bundle: UUID | None = None) -> Bundle:
    """Offer the same answer for another 14 days and five downloads, and tell the person.

    `bundle` is the package that somebody saw: once another has taken its place, the person has just been told.

    It is a new package with the files of the old one, so that what was fetched before stays on record. Two persons
    have released these very files; nobody has to again. Raises ActionRefused.
    """
    with transaction.atomic():
        dsr = lock_request(dsr_id)
        readers.require(dsr.case_id, actor)
        old = _last_released(dsr)
        if bundle not in (None, old.uuid):
            return old
        if old.purged_at:
            raise ActionRefused(Reason("delivery_purged"))
        if dsr.stage not in _RELEASED:
            raise ActionRefused(Reason("delivery_reopened"))
        if decision.by_hand(dsr):
            raise ActionRefused(Reason("delivery_by_hand"))
        _end(old)
        Bundle.objects.current().filter(dsr=dsr).update(current=False)
        new = _copied(dsr, old)
        _open(dsr, new, actor)
        collision.touch(dsr.case_id)
        emergency.used(dsr.case, actor)
        return new


def withdraw(dsr_id: int, *, actor: Actor) -> None:
    """Close an answer that the person could still fetch, at once. Raises ActionRefused when it is closed already."""
    with transaction.atomic():
        dsr = lock_request(dsr_id)
        bundle = _last_released(dsr)
        if reason := why_not(bundle):
            raise ActionRefused(reason)
        _end(bundle)
        collision.touch(dsr.case_id)
        audit.record("answer.withdrawn", f"dsr:{dsr.pk}", actor, bundle=bundle.pk)


def _open(dsr: DataSubjectRequest, bundle: Bundle, actor: Actor) -> None:
    bundle.released_at = timezone.now()
    bundle.expires_at = bundle.released_at if decision.by_hand(dsr) else bundle.released_at + AVAILABLE
    bundle.save(update_fields=["released_at", "expires_at"])
    case = dsr.case
    if decision.by_hand(dsr):
        audit.record("answer.to_be_delivered", f"dsr:{dsr.pk}", actor, bundle=bundle.pk)
        return
    portal_access.keep_link_until(case, bundle.expires_at)
    correspondence.queue(
        case, Intent.ANSWER_READY, _READY, _context(dsr, bundle.expires_at),
        key=f"answer-ready:{bundle.uuid}", to=case.person_email or bundle.delivery_address,
        secrets={"link": correspondence.status_link_secret(case)}, dsr=dsr,
    )  # fmt: skip
    audit.record(
        "answer.offered", f"dsr:{dsr.pk}", actor, bundle=bundle.pk, input_sha256=bundle.input_sha256,
        until=timezone.localdate(bundle.expires_at).isoformat(),
    )  # fmt: skip


def _context(dsr: DataSubjectRequest, expires_at: datetime) -> dict[str, object]:
    """What the mail says; the right is named where the case has several, so that the answers can be told apart."""
    several = DataSubjectRequest.objects.filter(case=dsr.case_id).count() > 1
    with translation.override(dsr.case.language):
        right = str(right_label(dsr.right)) if several else ""
    return {"expires_at": expires_at, "downloads": Bundle.MAX_DOWNLOADS, "right": right}


def _count(file: BundleFile, case: Case) -> None:
    """Take the next free number; the database gives each number once and none above five."""
    for _attempt in range(Bundle.MAX_DOWNLOADS + 1):
        taken = Download.objects.filter(file=file).aggregate(last=Max("number"))["last"] or 0
        if taken >= Bundle.MAX_DOWNLOADS:
            break
        try:
            with transaction.atomic():
                Download.objects.create(file=file, number=taken + 1, at=timezone.now())
                audit.record(
                    "answer.fetched", f"dsr:{file.bundle.dsr_id}", PERSON, bundle=file.bundle_id, sha256=file.sha256,
                    number=taken + 1,
                )  # fmt: skip
        except IntegrityError:
            continue  # somebody else took this number at the same moment
        return
    raise ActionRefused(Reason("delivery_used_up"))


def _rank(name: str) -> int:
    """The letter, documents and what is taken along, tables, the data for programs, the manifest."""
    folder, slash, _name = name.partition("/")
    if slash:
        return 1 if folder == DOCUMENTS else _FOR_MACHINES
    return {PORTABILITY_JSON: 1, FIELD_GUIDE: 2, DATA_JSON: 3, MANIFEST_JSON: 4}.get(name, 0)


def _last_released(dsr: DataSubjectRequest) -> Bundle:
    bundle = Bundle.objects.released().filter(dsr=dsr).first()
    if bundle is None:
        raise ActionRefused(Reason("delivery_nothing_released"))
    return bundle


def _end(bundle: Bundle) -> None:
    now = timezone.now()
    if bundle.is_open(now):
        bundle.expires_at = now
        bundle.save(update_fields=["expires_at"])


def _copied(dsr: DataSubjectRequest, old: Bundle) -> Bundle:
    try:
        return bundle_files.copy(dsr, old)
    except vault.MissingFile:
        raise ActionRefused(Reason("delivery_purged")) from None
    except bundle_files.UnreadableFile:
        raise ActionRefused(Reason("delivery_unreadable")) from None
