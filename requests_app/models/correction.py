"""What the triage guessed wrong, kept for a while to train it on, where the organisation wants that."""

from django.db import models

from .inquiry import Inquiry


class Correction(models.Model):
    """A mail, masked, that a person sorted otherwise than the model guessed, or of which the model was not sure.

    `said` and `decided` are codes of rights; none stands for "not a request".
    """

    inquiry = models.OneToOneField(Inquiry, on_delete=models.CASCADE, related_name="correction")
    kept_at = models.DateTimeField(db_index=True)
    language = models.CharField(max_length=8)
    subject = models.CharField(max_length=1000, blank=True)
    text = models.TextField()
    probability = models.FloatField()
    said = models.JSONField(default=list)
    decided = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"correction {self.pk}"
