"""Why the data of a person must stay for now, whatever else is decided: a claim or a dispute."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from .case import Case


class LegalHoldQuerySet(models.QuerySet["LegalHold"]):
    """Filters that read like the staff's words."""

    def standing(self) -> "LegalHoldQuerySet":
        """Holds that nobody has lifted; one whose day of review has come holds until somebody looks."""
        return self.filter(lifted_at__isnull=True)


class LegalHold(models.Model):
    """A hold on everything about one case (GDPR Art. 17(3)(e)): nothing is deleted, nothing is forgotten.

    `set_by` answers for it and looks again on `review_on`. At most one stands for a case; a lifted one stays as a
    trace. `reason` goes with the content of the case.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="legal_holds")
    reason = models.CharField(max_length=500, blank=True)
    review_on = models.DateField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="legal_holds")
    set_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="lifted_legal_holds"
    )

    objects = LegalHoldQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="legal_hold_one_standing", fields=["case"], condition=Q(lifted_at__isnull=True)
            ),
            models.CheckConstraint(
                name="legal_hold_lifted_by_somebody",
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"legal hold {self.pk}"
