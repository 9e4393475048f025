"""What the data protection officer advised."""

from django.conf import settings
from django.db import models

from requests_app.domain.enums import AdviceSubject

from .dsr import DataSubjectRequest
from .fields import choice_field, one_of


class Advice(models.Model):
    """One piece of advice on a request (GDPR Art. 39(1)(a)), by the officer or taken down by whoever asked.

    Advice decides nothing and holds nothing up (Art. 38(6)); `text` goes with the content of the case.
    """

    dsr = models.ForeignKey(DataSubjectRequest, on_delete=models.PROTECT, related_name="advice")
    subject = choice_field(AdviceSubject)
    text = models.TextField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="recorded_advice")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [one_of("advice_subject", "subject", AdviceSubject)]

    def __str__(self) -> str:
        return f"advice {self.pk} on {self.subject}"
