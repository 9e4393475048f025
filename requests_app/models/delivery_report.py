"""What a mail server wrote of a message of ours."""

from django.db import models

from .inquiry import Inquiry
from .message import Message


class DeliveryReport(models.Model):
    """A message came back, or is late. `status` as in RFC 3463, "" where the report names none.

    The `inquiry` holds the report as it came. A message may have several: late first, then back.
    """

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="reports")
    inquiry = models.OneToOneField(Inquiry, on_delete=models.PROTECT, related_name="delivery_report")
    came_back = models.BooleanField()
    status = models.CharField(max_length=12, blank=True)
    reported_at = models.DateTimeField()

    class Meta:
        ordering = ["reported_at", "id"]

    def __str__(self) -> str:
        return f"{'back' if self.came_back else 'late'} {self.status}"
