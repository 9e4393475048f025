"""Whether an open complaint is about the content of a deletion, and so freezes it: a person says so, nobody guesses.

Whoever writes that everything be deleted, or else they complain, has complained about nothing yet. Whoever complains
about what is to be deleted has to be heard before it is gone. Words do not tell the two apart reliably.
"""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from exports.models import ComplaintScope
from requests_app import audit, selectors
from requests_app.domain.enums import Right
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Actor, Reason
from requests_app.models import DataSubjectRequest
from requests_app.services import collision
from requests_app.services.rows import lock_request


@dataclass(frozen=True, slots=True)
class Question:
    """An open complaint beside a deletion, with what was said of the two; None while nobody has said anything."""

    complaint: DataSubjectRequest
    answer: ComplaintScope | None

    def freezes(self, erasure: DataSubjectRequest) -> Reason | None:
        """Return why the deletion waits for this complaint, or None.

        Unanswered, a complaint that came after the demand is taken to be about it; any other waits for the answer.
        """
        if self.answer is not None:
            return Reason("erasure_waits_complaint") if self.answer.is_about else None
        later = self.complaint.received_at > erasure.received_at
        return Reason("erasure_waits_later_complaint" if later else "erasure_waits_scope")


def questions(erasure: DataSubjectRequest) -> list[Question]:
    """Return the open complaints of the person of a deletion, oldest first."""
    cases = selectors.cases_of_person(erasure.case)
    complaints = DataSubjectRequest.objects.open().filter(case__in=cases, right=Right.COMPLAINT.value)
    answers = {row.complaint_id: row for row in erasure.complaint_scopes.select_related("answered_by")}
    return [
        Question(one, answers.get(one.pk)) for one in complaints.select_related("case").order_by("received_at", "id")
    ]


def why(erasure: DataSubjectRequest) -> Reason | None:
    """Return why a deletion waits for a complaint, or None."""
    return next((reason for one in questions(erasure) if (reason := one.freezes(erasure))), None)


def answer(
    erasure_id: int, complaint_id: int, *, is_about: bool, actor: Actor, version: int | None = None
) -> ComplaintScope:
    """Say whether a complaint is about the content of a deletion, or say otherwise than before. Raises ActionRefused.

    `version` is that of the case of the deletion.
    """
    with transaction.atomic():
        erasure = lock_request(erasure_id)
        collision.check(erasure.case, version)
        asked = {one.complaint.pk for one in questions(erasure)}
        if erasure.right != Right.ERASURE or complaint_id not in asked or actor.user_id is None:
            raise ActionRefused(Reason("complaint_not_open"))
        row, _ = ComplaintScope.objects.update_or_create(
            erasure=erasure, complaint_id=complaint_id,
            defaults={"is_about": is_about, "answered_by_id": actor.user_id, "answered_at": timezone.now()},
        )  # fmt: skip
        collision.touch(erasure.case_id)
        action = "complaint.about_erasure" if is_about else "complaint.not_about_erasure"
        audit.record(action, f"dsr:{erasure.pk}", actor, complaint=complaint_id)
        return row
