"""Whether a complaint is about the content of a deletion."""

from django.conf import settings
from django.db import models

from requests_app.models import DataSubjectRequest


class ComplaintScope(models.Model):
    """What somebody said of one complaint and one deletion of the same person; the last answer counts.

    A complaint about what is deleted, or how, has to be answered before it is gone. Any other holds nothing up.
    """

    erasure = models.ForeignKey(DataSubjectRequest, on_delete=models.PROTECT, related_name="complaint_scopes")
    complaint = models.ForeignKey(DataSubjectRequest, on_delete=models.PROTECT, related_name="erasure_scopes")
    is_about = models.BooleanField()
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="complaint_scopes")
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="complaint_scope_once", fields=["erasure", "complaint"])]

    def __str__(self) -> str:
        return f"scope of complaint {self.complaint_id}"
