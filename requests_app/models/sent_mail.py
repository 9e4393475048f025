"""A mail that somebody here wrote in their own mail program, found in the folder for sent mail."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from requests_app.domain.enums import Outside

from .fields import choice_field, one_of
from .message import Message


class SentMailQuerySet(models.QuerySet["SentMail"]):
    """Filters that read like the staff's words; lists never load the raw bytes."""

    def untied(self) -> "SentMailQuerySet":
        """Those of no case, read or not, whose content is still here."""
        return self.defer("raw").filter(message__isnull=True, forgotten_at__isnull=True)

    def to_confirm(self) -> "SentMailQuerySet":
        """Those that somebody counts as the answer, and nobody has confirmed."""
        return self.defer("raw").filter(counts_as=Outside.ANSWER.value, confirmed_at__isnull=True)


class SentMail(models.Model):
    """Raw first, like all mail; it is never an inquiry. `sent_at` is its arrival in the folder.

    `message` is what it became on the case of its recipient; without one it belongs to no case, and is listed nowhere.
    `in_reply_to` is the Message-ID it answers, by which it finds a case that is opened later. `counts_as` says whether
    it is the answer, decided by one person and, if so, confirmed by another. Once `forgotten_at` is set the content
    is gone and only hash, size and times are left.
    """

    sent_at = models.DateTimeField()
    ingested_at = models.DateTimeField(auto_now_add=True)
    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()
    oversize = models.BooleanField(default=False)
    raw = models.BinaryField()
    parsed_at = models.DateTimeField(null=True, blank=True)
    in_reply_to = models.CharField(max_length=998, blank=True, db_index=True)
    message = models.OneToOneField(Message, null=True, blank=True, on_delete=models.PROTECT, related_name="sent_mail")
    counts_as = choice_field(Outside, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="decided_sent_mail"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="confirmed_sent_mail"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    forgotten_at = models.DateTimeField(null=True, blank=True)

    objects = SentMailQuerySet.as_manager()

    class Meta:
        ordering = ["sent_at", "id"]
        constraints = [
            one_of("sent_mail_counts_as", "counts_as", Outside, blank=True),
            models.CheckConstraint(
                name="sent_mail_decided_on_a_case",
                condition=Q(counts_as="", decided_by__isnull=True, decided_at__isnull=True)
                | Q(message__isnull=False, decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="sent_mail_two_persons",
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | (
                    Q(counts_as="answer", confirmed_by__isnull=False, confirmed_at__isnull=False)
                    & ~Q(confirmed_by=F("decided_by"))
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"sent mail {self.pk}"
