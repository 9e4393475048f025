"""The decision on one request, and who stood behind it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from requests_app.domain.enums import Outcome, RequirementKind

from .dsr import DataSubjectRequest
from .fields import choice_field, one_of


class Decision(models.Model):
    """Outcome, reasoning, who prepared it and who released it: never the same person.

    `grounds` are codes of `domain.grounds`. `delivery_way` is blank for the status page, else `post` or `in_person`,
    and `delivered_on` the day on which somebody handed the letter over or posted it.
    """

    dsr = models.OneToOneField(DataSubjectRequest, on_delete=models.PROTECT, related_name="decision")
    outcome = choice_field(Outcome, blank=True)
    reasoning = models.TextField(blank=True)
    grounds = models.JSONField(default=list)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="prepared_decisions",
    )
    prepared_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="released_decisions",
    )
    released_at = models.DateTimeField(null=True, blank=True)
    delivery_way = models.CharField(max_length=16, blank=True)
    delivered_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            one_of("decision_outcome", "outcome", Outcome, blank=True),
            models.CheckConstraint(
                name="decision_two_persons",
                condition=Q(released_by__isnull=True)
                | (Q(prepared_by__isnull=False) & ~Q(released_by=F("prepared_by"))),
            ),
        ]

    def __str__(self) -> str:
        return f"decision on {self.dsr_id}"


class Override(models.Model):
    """The decision-maker lets an answer go although a requirement is open, and the letter says so."""

    dsr = models.ForeignKey(DataSubjectRequest, on_delete=models.PROTECT, related_name="overrides")
    kind = choice_field(RequirementKind)
    reason = models.TextField()
    missing = models.CharField(max_length=500)
    promised_on = models.DateField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="overrides")
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="override_once_per_kind", fields=["dsr", "kind"]),
            one_of("override_kind", "kind", RequirementKind),
        ]

    def __str__(self) -> str:
        return f"override {self.kind}"
