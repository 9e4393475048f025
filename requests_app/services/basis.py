"""After consent was withdrawn: does another basis for the data remain? What has none is deleted unasked.

The person need not ask for that (GDPR Art. 17(1)(b)), so a member of staff is asked, and the request closes when they
have answered. That is apart from the withdrawal itself, which has taken effect and was confirmed before.
"""

from django.db import transaction
from django.utils import timezone

from requests_app import audit
from requests_app.domain.enums import BasisAnswer, RequirementKind, RequirementState, Right
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Actor, Reason
from requests_app.models import Case, DataSubjectRequest
from requests_app.permissions import Staff

from . import closure, intake, notes, rows
from .requirements import put


def ask(dsr: DataSubjectRequest) -> None:
    """Owe the question about a withdrawal of consent, once. Needs a transaction."""
    if dsr.right == Right.CONSENT_WITHDRAWAL and not dsr.requirements.filter(kind=RequirementKind.BASIS.value).exists():
        put(dsr, RequirementKind.BASIS, met=False, reason="basis_not_looked_at")


def is_open(dsr: DataSubjectRequest) -> bool:
    """Tell whether the question of a request waits for its answer."""
    return dsr.requirements.filter(kind=RequirementKind.BASIS.value, state=RequirementState.OPEN.value).exists()


def answer(dsr_id: int, given: BasisAnswer, words: str, *, actor: Actor, user: Staff) -> DataSubjectRequest:
    """Record the answer, `words` as a note on the case, and close the request if nothing else is owed.

    `delete` opens a request for deletion in the same case, received now, unless one is open. Raises ActionRefused
    without words (which basis, or why there is nothing to delete), and when it is answered already.
    """
    if given is not BasisAnswer.DELETE and not words.strip():
        raise ActionRefused(Reason("basis_words_missing"))
    with transaction.atomic():
        dsr = rows.lock_request(dsr_id)
        if not is_open(dsr):
            raise ActionRefused(Reason("basis_answered"))
        put(dsr, RequirementKind.BASIS, met=True)
        if given is BasisAnswer.DELETE:
            _open_deletion(dsr.case, actor)
        if words.strip():
            notes.add_note(dsr.case_id, words, actor=actor, user=user)
        audit.record("basis.answered", f"dsr:{dsr.pk}", actor, basis=given.value)
        closure.close_if_possible(dsr.pk)
        dsr.refresh_from_db()
        return dsr


def _open_deletion(case: Case, actor: Actor) -> None:
    if DataSubjectRequest.objects.open().filter(case=case, right=Right.ERASURE.value).exists():
        return
    opened = intake.add_request(case, Right.ERASURE, received_at=timezone.now(), actor=actor)
    audit.record("request.added", f"dsr:{opened.pk}", actor, right=Right.ERASURE.value)
