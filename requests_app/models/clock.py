"""The facts of the clock and what was computed from them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from requests_app.domain.enums import SuspensionKind

from .dsr import DataSubjectRequest
from .fields import choice_field, one_of


class Suspension(models.Model):
    """A time in which we wait for the person (identity or clarification)."""

    dsr = models.ForeignKey(DataSubjectRequest, on_delete=models.PROTECT, related_name="suspensions")
    kind = choice_field(SuspensionKind)
    ground = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            one_of("suspension_kind", "kind", SuspensionKind),
            models.CheckConstraint(
                name="suspension_ends_after_it_begins",
                condition=Q(answered_at__isnull=True) | Q(answered_at__gte=F("asked_at")),
            ),
            models.UniqueConstraint(
                name="suspension_one_open_per_kind",
                fields=["dsr", "kind"],
                condition=Q(answered_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} from {self.asked_at:%Y-%m-%d}"


class ReceiptCorrection(models.Model):
    """The receipt of a request was another than was thought: both instants, who found out, and why."""

    dsr = models.ForeignKey(DataSubjectRequest, on_delete=models.PROTECT, related_name="receipt_corrections")
    before = models.DateTimeField()
    after = models.DateTimeField()
    reason = models.TextField(blank=True)
    corrected_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    corrected_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(name="receipt_correction_differs", condition=~Q(after=F("before")))]

    def __str__(self) -> str:
        return f"{self.before:%Y-%m-%d} to {self.after:%Y-%m-%d}"


class DeadlineHistory(models.Model):
    """Each set of dates ever computed for a request, with the versions of rule and holiday table."""

    dsr = models.ForeignKey(DataSubjectRequest, on_delete=models.PROTECT, related_name="deadline_history")
    computed_at = models.DateTimeField()
    cause = models.CharField(max_length=40)
    rule_version = models.CharField(max_length=20)
    holiday_version = models.CharField(max_length=40)
    deadline = models.JSONField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.cause} {self.computed_at:%Y-%m-%d}"


class ReminderSent(models.Model):
    """A milestone that was owed, and told: at once by a mail of its own, or in the morning's. Whatever runs twice.

    `due_on` is the day on which it was owed, so that a moved date is told of anew, and what is overdue every day.
    """

    dsr = models.ForeignKey(DataSubjectRequest, on_delete=models.CASCADE, related_name="reminders")
    kind = models.CharField(max_length=20)
    due_on = models.DateField()
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="reminder_once", fields=["dsr", "kind", "due_on"])]
        indexes = [models.Index(fields=["sent_at"], name="reminder_by_time")]

    def __str__(self) -> str:
        return f"{self.kind} {self.due_on}"
