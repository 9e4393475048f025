"""Do not contact: who said no to marketing, kept as a keyed hash that can be matched and not read."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from requests_app.domain.enums import SuppressionState

from .case import Case
from .fields import choice_field, one_of
from .inquiry import Inquiry


class SuppressionQuerySet(models.QuerySet["Suppression"]):
    """Filters that read like the staff's words."""

    def in_force(self) -> "SuppressionQuerySet":
        """Entries that block now, also the provisional ones."""
        return self.exclude(state=SuppressionState.LIFTED.value)


class Suppression(models.Model):
    """One address or number that gets no marketing (GDPR Art. 21(3)).

    Nothing but a keyed HMAC of the normalised address is kept, so that a new import cannot bring the person back
    and the list tells nobody who is on it. `cause` is the right that was used (blank: a wish by mail that nobody has
    sorted yet); a lifted entry stays as a trace.
    """

    digest = models.CharField(max_length=64)
    key_id = models.CharField(max_length=40)
    channel = models.CharField(max_length=10)
    purpose = models.CharField(max_length=20, default="marketing")
    state = choice_field(SuppressionState)
    cause = models.CharField(max_length=32, blank=True)
    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.PROTECT, related_name="suppressions")
    inquiry = models.ForeignKey(Inquiry, null=True, blank=True, on_delete=models.PROTECT, related_name="suppressions")
    created_at = models.DateTimeField()
    renewed_at = models.DateTimeField(null=True, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="lifted_suppressions"
    )

    objects = SuppressionQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("suppression_state", "state", SuppressionState),
            models.CheckConstraint(name="suppression_channel", condition=Q(channel__in=["email", "phone"])),
            models.UniqueConstraint(
                name="suppression_once_in_force",
                fields=["digest", "channel", "purpose"],
                condition=~Q(state="lifted"),
            ),
            models.CheckConstraint(
                name="suppression_lifted_has_time",
                condition=Q(state="lifted", lifted_at__isnull=False) | (~Q(state="lifted") & Q(lifted_at__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"suppression {self.pk}: {self.state}"
