"""One right, one scope, one clock, one outcome."""

from datetime import date

from django.db import models
from django.db.models import Q

from requests_app.domain.enums import Outcome, RequirementKind, RequirementState, Right, Stage

from .case import Case
from .fields import choice_field, one_of


class DataSubjectRequestQuerySet(models.QuerySet["DataSubjectRequest"]):
    """Filters that read like the staff's words."""

    def open(self) -> "DataSubjectRequestQuerySet":
        """Requests without a sent answer."""
        return self.filter(closed_at__isnull=True)

    def with_milestone_by(self, day: date) -> "DataSubjectRequestQuerySet":
        """Open requests on which something may be owed by a day, the longest first (index `dsr_by_milestone`)."""
        return self.open().filter(next_milestone_on__lte=day).order_by("next_milestone_on", "id")


class DataSubjectRequest(models.Model):
    """What one person asks for. `right` is blank until somebody has sorted a "not sure".

    `stage` is written by `services.lifecycle.advance` alone. The due dates are an index only: they follow
    from `received_at` and the rows of the clock, and a test proves that stored and derived agree. So is
    `next_milestone_on`, the day on which the sweep of the reminders looks at the request again: whatever moves stage
    or dates sets it back to the receipt, the sweep itself to the next day on which something may be owed.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="dsrs")
    right = choice_field(Right, blank=True)
    stage = choice_field(Stage, default=Stage.RECEIVED)
    scope = models.TextField(blank=True)
    received_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)
    effective_due = models.DateField(null=True, blank=True)
    effective_due_end_utc = models.DateTimeField(null=True, blank=True)
    act_by = models.DateField(null=True, blank=True)
    next_milestone_on = models.DateField(null=True, blank=True)
    outcome = choice_field(Outcome, blank=True)
    answer_sent_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = DataSubjectRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("dsr_right", "right", Right, blank=True),
            one_of("dsr_stage", "stage", Stage),
            one_of("dsr_outcome", "outcome", Outcome, blank=True),
            models.CheckConstraint(name="dsr_right_known_once_sorted", condition=Q(stage="received") | ~Q(right="")),
            models.CheckConstraint(
                name="dsr_closed_has_time_and_outcome",
                condition=(Q(stage="closed") & Q(closed_at__isnull=False) & ~Q(outcome=""))
                | (~Q(stage="closed") & Q(closed_at__isnull=True)),
            ),
            models.UniqueConstraint(
                name="dsr_one_open_per_right", fields=["case", "right"], condition=Q(closed_at__isnull=True)
            ),
        ]
        indexes = [
            models.Index(fields=["effective_due", "id"], name="dsr_open_by_due", condition=Q(closed_at__isnull=True)),
            models.Index(
                fields=["next_milestone_on", "id"], name="dsr_by_milestone", condition=Q(closed_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case.reference} {self.right or '?'}"


class Requirement(models.Model):
    """Something that must hold before a release; upper apps write it down, the lifecycle reads it."""

    dsr = models.ForeignKey(DataSubjectRequest, on_delete=models.CASCADE, related_name="requirements")
    kind = choice_field(RequirementKind)
    state = choice_field(RequirementState, default=RequirementState.OPEN)
    reason = models.CharField(max_length=500, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="requirement_once_per_kind", fields=["dsr", "kind"]),
            one_of("requirement_kind", "kind", RequirementKind),
            one_of("requirement_state", "state", RequirementState),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.state}"
