"""Any incoming message, before and after triage, with its raw bytes."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from requests_app.domain.enums import Channel, Verdict

from .case import Case, Viewer
from .fields import choice_field, one_of

SENDER_UNPROVEN = "sender_unproven"
"""Among the problems of an inquiry: it failed the authentication of the domain that it names (RFC 8601)."""
SIGNED = "signed"
"""Among them: it bears a signature (S/MIME, PGP) that nobody has checked; no page warns of that either."""
SENDER_UNCHECKED = "sender_unchecked"
"""Among them: our server found nothing that proves its domain. Most such mail is honest, so no page warns of it."""


class InquiryQuerySet(models.QuerySet["Inquiry"]):
    """Lists never load the raw bytes."""

    def light(self) -> "InquiryQuerySet":
        """Without the raw bytes and the full text."""
        return self.defer("raw", "html")

    def visible_to(self, user: Viewer) -> "InquiryQuerySet":
        """Without those of cases that do not exist for a member of staff, and those that seem to belong to one."""
        hidden = Case.objects.hidden_from(user)
        return self.filter(
            ~Exists(hidden.filter(pk=OuterRef("case"))),
            ~Exists(hidden.filter(pk=OuterRef("suggested_case"))),
            ~Exists(hidden.filter(messages__reports__inquiry=OuterRef("pk"))),
        )

    def unshielded(self) -> "InquiryQuerySet":
        """Without those of shielded cases, and those that seem to belong to one, as a machine may read them."""
        hidden = Case.objects.filter(shielded_at__isnull=False)
        return self.filter(
            ~Exists(hidden.filter(pk=OuterRef("case"))), ~Exists(hidden.filter(pk=OuterRef("suggested_case")))
        )

    def unsorted(self) -> "InquiryQuerySet":
        """What waits for a person's verdict, the oldest first."""
        return self.light().filter(verdict=Verdict.UNSORTED.value, case__isnull=True).order_by("received_at", "id")


class Inquiry(models.Model):
    """A message that reached us. `received_at` is its arrival on our own server and never moves.

    `raw` and `sha256` are written in one committed row before anything is parsed; everything below
    `parsed_at` is derived from them and may be derived again. `reply_address` is where an automatic answer goes,
    `maybe_request` what the first guess of the triage says, `request_probability` (0 to 1) how likely it finds a
    request (None where no model judged it), `passages` where the sentences stand that speak for it (`mailbox.speaking`:
    places, no words; whoever changes the text empties them). Once `forgotten_at` is set the content is gone and only
    hash, size, receipt and verdict are left.
    """

    channel = choice_field(Channel)
    received_at = models.DateTimeField()
    ingested_at = models.DateTimeField(auto_now_add=True)
    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()
    oversize = models.BooleanField(default=False)
    verdict = choice_field(Verdict, default=Verdict.UNSORTED)
    sorted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="sorted_inquiries",
    )
    sorted_at = models.DateTimeField(null=True, blank=True)
    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.PROTECT, related_name="inquiries")

    parsed_at = models.DateTimeField(null=True, blank=True)
    problems = models.JSONField(default=list)
    authenticity = models.JSONField(default=dict)  # `mailbox.authenticity.Judgement`; empty: no mail, or not read yet
    subject = models.CharField(max_length=1000, blank=True)
    sender_name = models.CharField(max_length=200, blank=True)
    sender_address = models.CharField(max_length=320, blank=True)
    reply_address = models.CharField(max_length=320, blank=True)
    text = models.TextField(blank=True)
    attachments = models.JSONField(default=list)
    language = models.CharField(max_length=8, blank=True)
    suggested_rights = models.JSONField(default=list)
    maybe_request = models.BooleanField(default=False)
    request_probability = models.FloatField(null=True, blank=True)
    passages = models.JSONField(default=list)
    suggested_case = models.ForeignKey(
        Case, null=True, blank=True, on_delete=models.SET_NULL, related_name="suggested_inquiries"
    )
    message_id = models.CharField(max_length=998, blank=True, db_index=True)
    auto_reply_allowed = models.BooleanField(default=False)
    auto_reply_reason = models.CharField(max_length=32, blank=True)
    html = models.TextField(blank=True)
    # What the mail inside says, and who wrote it as it claims, for a person to confirm; the day as far as
    # `forwarded_date`, written by a mail program, could be understood; its words only where they are attached.
    # `forwarded`: a colleague passed it on, who never asks. Otherwise somebody from outside attached it, who asks
    # unless a person says that the other one does.
    forwarded = models.BooleanField(default=False)
    forwarded_name = models.CharField(max_length=200, blank=True)
    forwarded_address = models.CharField(max_length=320, blank=True)
    forwarded_date = models.CharField(max_length=100, blank=True)
    forwarded_on = models.DateField(null=True, blank=True)
    forwarded_text = models.TextField(blank=True)
    raw = models.BinaryField()
    forgotten_at = models.DateTimeField(null=True, blank=True)

    objects = InquiryQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("inquiry_channel", "channel", Channel),
            one_of("inquiry_verdict", "verdict", Verdict),
            models.CheckConstraint(
                name="inquiry_request_has_case", condition=~Q(verdict="request") | Q(case__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["received_at", "id"], name="inquiry_unsorted", condition=Q(verdict="unsorted")),
            models.Index(fields=["verdict", "received_at", "id"], name="inquiry_by_verdict"),
            models.Index(
                fields=["ingested_at"], name="inquiry_to_read", condition=Q(parsed_at__isnull=True, channel="mail")
            ),
        ]

    def __str__(self) -> str:
        return f"inquiry {self.pk}"

    @property
    def words(self) -> str:
        """All that was written: by whoever sent it, and in the mail that it passed on as an attachment."""
        return "\n\n".join(filter(None, (self.text, self.forwarded_text)))

    @property
    def attached_original(self) -> bool:
        """Whether somebody from outside attached a mail of somebody else, and a person has to say who asks."""
        return bool(self.forwarded_address) and not self.forwarded


class Sighting(models.Model):
    """One place in a mailbox where an inquiry, or a mail of ours, was seen; the same mail seen twice is one."""

    inquiry = models.ForeignKey(Inquiry, null=True, blank=True, on_delete=models.PROTECT, related_name="sightings")
    sent_mail = models.ForeignKey("SentMail", null=True, blank=True, on_delete=models.PROTECT, related_name="sightings")
    mailbox = models.CharField(max_length=300)
    folder = models.CharField(max_length=300)
    uidvalidity = models.CharField(max_length=40, blank=True)
    junk = models.BooleanField(default=False)
    uid = models.CharField(max_length=300)
    seen_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="sighting_once", fields=["mailbox", "folder", "uidvalidity", "uid"]),
            models.CheckConstraint(
                name="sighting_of_one_mail",
                condition=Q(inquiry__isnull=False, sent_mail__isnull=True)
                | Q(inquiry__isnull=True, sent_mail__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.folder} {self.uid}"


class ReadPosition(models.Model):
    """How far a folder of a mailbox has been read, in the words of a server that tells only what is new since then.

    All that lies before it has its sighting: the row is written after them.
    """

    mailbox = models.CharField(max_length=300)
    folder = models.CharField(max_length=300)
    position = models.TextField()
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="read_position_once", fields=["mailbox", "folder"])]

    def __str__(self) -> str:
        return f"read position {self.pk}"


class RefusedFile(models.Model):
    """A file of a mailbox that looks like a message and cannot be read, as long as that is so."""

    mailbox = models.CharField(max_length=300)
    name = models.CharField(max_length=600)
    reason = models.CharField(max_length=200)
    seen_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["seen_at", "id"]
        constraints = [models.UniqueConstraint(name="refused_file_once", fields=["mailbox", "name"])]

    def __str__(self) -> str:
        return f"refused file {self.pk}"


class IntakeDraft(models.Model):
    """What a person has filled in so far on the form; short-lived, and one case at most comes of it."""

    uuid = models.UUIDField(unique=True)
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.PROTECT, related_name="drafts")

    def __str__(self) -> str:
        return f"draft {self.pk}"


class ApiSubmission(models.Model):
    """An inquiry by the API under its idempotency key; the same key never makes a second one."""

    client = models.CharField(max_length=64)
    key = models.CharField(max_length=200)
    body_sha256 = models.CharField(max_length=64)
    inquiry = models.OneToOneField(Inquiry, on_delete=models.PROTECT, related_name="api_submission")

    class Meta:
        constraints = [models.UniqueConstraint(name="api_submission_once", fields=["client", "key"])]

    def __str__(self) -> str:
        return f"submission {self.pk}"
