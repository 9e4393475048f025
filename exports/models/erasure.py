"""The plan of a deletion: what becomes of each activity's data in each system, and who stood behind it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from exports.domain.enums import Measure
from requests_app.models import DataSubjectRequest
from requests_app.models.fields import choice_field, one_of


class ErasurePlanQuerySet(models.QuerySet["ErasurePlan"]):
    """Filters that read like the staff's words."""

    def current(self) -> "ErasurePlanQuerySet":
        """The plan that a request is worked by now."""
        return self.filter(current=True)

    def earlier(self) -> "ErasurePlanQuerySet":
        """Plans that were carried out before the request was opened again, the oldest first."""
        return self.filter(current=False).order_by("id")


class ErasurePlan(models.Model):
    """One plan a request, prepared by one person and approved by another; carried out from `runs_at` on.

    Between approval and `runs_at` lies the undo window. A plan that was begun (`begun_at`) cannot be taken back. When
    a request that was carried out is opened again and searched anew, its plan is no longer `current` and stays with its
    lines and tasks: what was deleted then has to be told, and to be deleted again after a backup was restored.
    """

    dsr = models.ForeignKey(DataSubjectRequest, on_delete=models.PROTECT, related_name="erasure_plans")
    current = models.BooleanField(default=True)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="prepared_erasures"
    )
    prepared_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="approved_erasures"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    runs_at = models.DateTimeField(null=True, blank=True)
    begun_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = ErasurePlanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="erasure_one_current", fields=["dsr"], condition=Q(current=True)),
            models.CheckConstraint(
                name="erasure_two_persons",
                condition=Q(approved_by__isnull=True)
                | (Q(prepared_by__isnull=False) & ~Q(approved_by=F("prepared_by"))),
            ),
            models.CheckConstraint(
                name="erasure_runs_only_when_approved",
                condition=Q(runs_at__isnull=True, begun_at__isnull=True) | Q(approved_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"erasure plan {self.pk}"


class ErasureLine(models.Model):
    """What becomes of one activity's data in one system; kept data names its ground and its computed end."""

    plan = models.ForeignKey(ErasurePlan, on_delete=models.CASCADE, related_name="lines")
    activity = models.CharField(max_length=64)
    system = models.CharField(max_length=64)
    measure = choice_field(Measure, default=Measure.DELETE)
    ground = models.CharField(max_length=32, blank=True)
    kept_until = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    rows = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(name="erasure_line_once", fields=["plan", "activity", "system"]),
            one_of("erasure_measure", "measure", Measure),
            models.CheckConstraint(name="erasure_kept_has_ground", condition=~Q(measure="keep") | ~Q(ground="")),
        ]

    def __str__(self) -> str:
        return f"{self.activity} in {self.system}: {self.measure}"
