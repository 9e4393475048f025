"""The package of an answer: drawn outside any transaction, kept in one, and built again when a fact changes.

Killed at any point it does no harm: files are stored under the lock of the request, under names that follow from
how many packages the request has, and no row speaks of them until everything is there.

A letter carries the day of its release (`Bundle.created_at` of a draft is when it was drawn). The day is no fact of the
answer: while a draft is written any day will do, and once it waits for the second person only today's.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

import structlog
from django.db import transaction
from django.utils import timezone

from exports import vault
from exports.domain.bundle import MANIFEST_JSON, instant
from exports.models import Bundle, BundleFile
from requests_app import audit, outbox
from requests_app.domain.enums import RequirementKind, RequirementState, Stage
from requests_app.domain.snapshot import SYSTEM, Reason
from requests_app.models import DataSubjectRequest, Decision, Requirement
from requests_app.services import clock
from requests_app.services.requirements import put
from requests_app.services.rows import lock_request

from . import contents, endings, registers
from .answer_problems import NotReady
from .package import PackageFile
from .pdf import PdfError, PdfReason
from .rebuild import request

__all__ = ["build", "keep", "request", "review", "same_day", "sweep"]

log = structlog.get_logger(__name__)

_WITH_PACKAGE = (Stage.DECISION_DRAFT, Stage.IN_REVIEW)

_PDF_PROBLEMS = {
    PdfReason.TOO_SLOW: Reason("answer_pdf_too_slow"),
    PdfReason.TOO_LARGE: Reason("answer_pdf_too_large"),
    PdfReason.FORBIDDEN: Reason("answer_pdf_forbidden"),
    PdfReason.NO_FONTS: Reason("answer_pdf_no_fonts"),
    PdfReason.FAILED: Reason("answer_pdf_failed"),
}


@outbox.outside_transaction
def build(dsr_id: int) -> None:
    """Build the package of a request whose outcome was chosen, unless it is there already.

    What it waits for stands in the requirement ANSWER. Raises `outbox.Later` when the PDF cannot be drawn.
    """
    given = _to_draw(dsr_id)
    if given is None:
        return
    try:
        now = timezone.now()
        files = contents.files(given, on=clock.calendar().local_date(now), now=now)
    except NotReady as error:
        _wait(dsr_id, given.sha256, error)
    except PdfError as error:
        _wait(dsr_id, given.sha256, NotReady(_PDF_PROBLEMS[error.reason]))
        raise outbox.Later(str(error)) from error
    else:
        keep(dsr_id, given.sha256, files, drawn_at=now)


def review(dsr_id: int) -> None:
    """Look whether the package still says what it should, and owe a new one if not.

    Not everything that a letter prints has somebody who would ask for a new one when it changes (a name, a date).
    """
    with transaction.atomic():
        dsr = lock_request(dsr_id)
        given = _facts_of(dsr)
        if given is not None and not _is_there(dsr, given):
            _ask(dsr, given)


def sweep() -> int:
    """Owe a letter of today wherever a package waits for nothing but its release; return how many were looked at.

    What is released on another day than a working day is drawn anew when somebody presses.
    """
    now = timezone.now()
    if not clock.calendar().is_working_day(clock.calendar().local_date(now)):
        return 0
    met = Requirement.objects.filter(kind=RequirementKind.ANSWER.value, state=RequirementState.MET.value)
    waiting = Bundle.objects.drafts().filter(dsr__stage=Stage.IN_REVIEW.value, dsr__in=met.values("dsr"))
    drawn = waiting.order_by("id").values_list("dsr_id", "created_at")
    ids = [dsr_id for dsr_id, drawn_at in drawn if not same_day(drawn_at, now)]
    for dsr_id in ids:
        try:
            review(dsr_id)
        except Exception:  # one that cannot be looked at must not hold up those behind it
            log.exception("answer_not_reviewed", dsr=dsr_id)
    return len(ids)


def same_day(one: datetime, other: datetime) -> bool:
    """Tell whether two moments are of one day by the organisation's clock."""
    local_date = clock.calendar().local_date
    return local_date(one) == local_date(other)


def keep(dsr_id: int, input_sha256: str, files: Sequence[PackageFile], *, drawn_at: datetime) -> Bundle | None:
    """Make `files` the package of a request, if the facts behind them (`Facts.sha256`) and the day still hold.

    Otherwise ask for it again and return None. An older package stays with its hashes; its files are purged.
    """
    with transaction.atomic():
        dsr = lock_request(dsr_id)
        now = _facts_of(dsr)
        if now is None or _is_there(dsr, now):
            return None
        if now.sha256 != input_sha256 or not _has_its_day(dsr, drawn_at):
            _ask(dsr, now)
            return None
        Bundle.objects.current().filter(dsr=dsr).update(current=False)
        bundle = _store(dsr, input_sha256, files, drawn_at)
        _settle(dsr)
        audit.record(
            "answer.built", f"dsr:{dsr.pk}", SYSTEM, bundle=bundle.pk, input_sha256=input_sha256,
            files=[f"{row['file']}:{row['sha256']}" for row in bundle.manifest],
            text_version=contents.text_version(now), registers=registers.in_force(dsr.case),
        )  # fmt: skip
        return bundle


def _to_draw(dsr_id: int) -> contents.Facts | None:
    """The facts to draw; None when there is nothing to do, and then the requirement says why."""
    with transaction.atomic():
        dsr = lock_request(dsr_id)
        given = _facts_of(dsr)
        return None if given is None or _is_there(dsr, given) else given


def _facts_of(dsr: DataSubjectRequest) -> contents.Facts | None:
    """The facts of a locked request; None when no package is wanted or it has to wait. Needs a transaction."""
    if dsr.stage not in _WITH_PACKAGE:
        return None
    if not Decision.objects.filter(dsr=dsr, prepared_by__isnull=False).exclude(outcome="").exists():
        put(dsr, RequirementKind.ANSWER, met=False, reason="answer_waits_outcome")
        return None
    if endings.settle(dsr):
        return None
    try:
        return contents.facts(dsr)
    except NotReady as error:
        put(dsr, RequirementKind.ANSWER, met=False, reason=error.stored)
        return None


def _is_there(dsr: DataSubjectRequest, given: contents.Facts) -> bool:
    """Whether the current package says just this, on its day; then the requirement holds.

    One that was released before belongs to the answer of that time: the next answer gets its own, with its own days.
    """
    same = _same(dsr, given)
    there = same is not None and _has_its_day(dsr, same.created_at)
    if there:
        _settle(dsr)
    return there


def _same(dsr: DataSubjectRequest, given: contents.Facts) -> Bundle | None:
    """The draft that says just this, whatever its day."""
    return Bundle.objects.drafts().filter(dsr=dsr, input_sha256=given.sha256, purged_at__isnull=True).first()


def _has_its_day(dsr: DataSubjectRequest, drawn_at: datetime) -> bool:
    """Whether what was drawn then may wait for its release: nobody redraws a draft that is still being written."""
    return dsr.stage != Stage.IN_REVIEW or same_day(drawn_at, timezone.now())


def _ask(dsr: DataSubjectRequest, given: contents.Facts) -> None:
    """Owe a package, and say so when it is only for the day of the letter."""
    request(dsr)
    if _same(dsr, given):
        put(dsr, RequirementKind.ANSWER, met=False, reason="answer_redated")


def _wait(dsr_id: int, input_sha256: str, error: NotReady) -> None:
    """Say why there is no package, unless the facts have changed and another run is owed anyway."""
    with transaction.atomic():
        dsr = lock_request(dsr_id)
        now = _facts_of(dsr)
        if now is None or _is_there(dsr, now):
            return
        if now.sha256 == input_sha256:
            put(dsr, RequirementKind.ANSWER, met=False, reason=error.stored)
        else:
            request(dsr)


def _store(dsr: DataSubjectRequest, input_sha256: str, files: Sequence[PackageFile], drawn_at: datetime) -> Bundle:
    folder, binding = f"bundles/{dsr.pk}/{dsr.bundles.count() + 1}", vault.binding_of(dsr.case)
    vault.clear(folder)
    bundle = Bundle.objects.create(
        dsr=dsr, created_at=drawn_at, input_sha256=input_sha256,
        manifest=[_line(file) for file in files if file.name != MANIFEST_JSON],
    )  # fmt: skip
    for number, file in enumerate(files, start=1):
        stored_as = f"{folder}/{number:03d}"
        sha256 = vault.store(stored_as, file.content, binding=binding)
        BundleFile.objects.create(
            bundle=bundle, name=file.name, media_type=file.media_type, size=len(file.content), sha256=sha256,
            stored_as=stored_as,
        )  # fmt: skip
    return bundle


def _line(file: PackageFile) -> dict[str, object]:
    line = asdict(file.entry)
    return line | {"extracted_at": file.extracted_at and instant(file.extracted_at)}


def _settle(dsr: DataSubjectRequest) -> None:
    """The package is there. What was left open by an override and has come in since is promised no more."""
    put(dsr, RequirementKind.ANSWER, met=True)
    met = dsr.requirements.filter(state=RequirementState.MET.value).values("kind")
    for row in dsr.overrides.filter(kind__in=met):
        audit.record("decision.override_lapsed", f"dsr:{dsr.pk}", SYSTEM, kind=row.kind)
        row.delete()
