"""That somebody may ask for another person, as a member of staff saw it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from requests_app.domain.enums import MandateCheck, MandateKind, Right
from requests_app.domain.mandates import Scope

from .case import Case
from .fields import choice_field, one_of


class MandateQuerySet(models.QuerySet["Mandate"]):
    """Filters that read like the staff's words."""

    def living(self) -> "MandateQuerySet":
        """Those that were not taken back."""
        return self.filter(taken_back_at__isnull=True)


class Mandate(models.Model):
    """What a mandate says, and what was looked at; the paper itself lies in the mail of its case.

    `rights` are codes (none: all of them), `checks` codes of `MandateCheck`. `valid_until` is the last day, None for a
    mandate without an end. `to_agent`: the answer goes to whoever writes; otherwise to the person.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="mandates")
    kind = choice_field(MandateKind)
    rights = models.JSONField(default=list)
    checks = models.JSONField(default=list)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    to_agent = models.BooleanField(default=False)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = MandateQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            one_of("mandate_kind", "kind", MandateKind),
            models.UniqueConstraint(
                name="mandate_one_living", fields=["case"], condition=Q(taken_back_at__isnull=True)
            ),
            models.CheckConstraint(
                name="mandate_ends_after_it_begins",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
            ),
            models.CheckConstraint(
                name="mandate_taken_back_by_somebody",
                condition=Q(taken_back_at__isnull=True, taken_back_by__isnull=True)
                | Q(taken_back_at__isnull=False, taken_back_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"mandate {self.pk}"

    @property
    def scope(self) -> Scope:
        """The mandate as the rules of `domain.mandates` read it."""
        return Scope(
            MandateKind(self.kind),
            frozenset(MandateCheck(code) for code in self.checks),
            frozenset(Right(code) for code in self.rights),
            self.valid_from,
            self.valid_until,
        )
