"""What is wrong and what is right, field by field."""

from django.conf import settings
from django.db import models

from requests_app.models import DataSubjectRequest


class Correction(models.Model):
    """One value of one field of one row in one system (GDPR Art. 16).

    `record_key` names the row as `exports.domain.records.Record.key` does; a correction in a system that was searched
    by hand has no `collection`, and a key of its own. The values are emptied with the working copies of the search;
    their keyed hashes (`*_hmac`) stay as proof. `ordered_in` is the round of the task in which somebody had the system
    make it; what was entered later belongs to no order yet. `done_at` is when the system held the new value, seen by
    a second look-up.
    """

    dsr = models.ForeignKey(DataSubjectRequest, on_delete=models.PROTECT, related_name="corrections")
    system = models.CharField(max_length=64)
    collection = models.CharField(max_length=200, blank=True)
    record_key = models.CharField(max_length=400, blank=True)
    field = models.CharField(max_length=200)
    label = models.CharField(max_length=200)
    old_value = models.TextField(blank=True)
    new_value = models.TextField(blank=True)
    before_hmac = models.CharField(max_length=64, blank=True)
    after_hmac = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="corrections")
    ordered_in = models.PositiveIntegerField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                name="correction_once", fields=["dsr", "system", "collection", "record_key", "field"]
            ),
        ]

    def __str__(self) -> str:
        return f"correction {self.pk}"
