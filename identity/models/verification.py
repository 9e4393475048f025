"""Attempts to confirm identity: the result is kept, the evidence never."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from identity.domain.enums import (
    ContactChannel,
    DoubtReason,
    Level,
    Method,
    VerificationPurpose,
    VerificationState,
)
from requests_app.models import Case
from requests_app.models.fields import choice_field, one_of


class ContactPoint(models.Model):
    """An address of the person that one of the systems holds ("the address on file"), with its provenance.

    `recorded_by` is set when a person read it in a system and wrote it down; otherwise a connector did. `reason` says
    why the address in the request may count as one on file: without it, whoever writes would vouch for themselves.
    `found_by` are the e-mail addresses under which connectors found it; the number in the request is none of them,
    so what was found by it alone has an empty list: anybody can name their own number in somebody else's request.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="contact_points")
    channel = choice_field(ContactChannel)
    value = models.CharField(max_length=320)
    system = models.CharField(max_length=64)
    since = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="contact_points_recorded",
    )
    reason = models.CharField(max_length=500, blank=True)
    found_by = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="contact_point_once", fields=["case", "channel", "value", "system"]),
            one_of("contact_point_channel", "channel", ContactChannel),
        ]

    def __str__(self) -> str:
        return f"{self.channel} in {self.system}"


class FoundByHand(models.Model):
    """A system in which a member of staff found something: people share names, so whose it is remains to be shown.

    A connector needs no such row: it finds only what lies under an address of the person.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="found_by_hand")
    system = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(name="found_by_hand_once", fields=["case", "system"])]

    def __str__(self) -> str:
        return self.system


class Verification(models.Model):
    """One question: why it was asked, by which method, how it ended. A new link is a new row.

    `sent_to` is empty where no address was on file: nobody has the link then, and a member of staff has to find another
    way or take the question back.

    With the purpose `new_address` it asks at an address that is to stand in place of `replaces` on file. The old one
    has to be confirmed too, unless the decision-maker said in `old_lost` why the person cannot read it any more.

    What is shown otherwise than by a link is a row that was confirmed at once, with the address that it goes with in
    `sent_to`, if any; its `provider_reference` is the number
    under which a provider of electronic identities knows it.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="verifications")
    purpose = choice_field(VerificationPurpose, default=VerificationPurpose.IDENTITY)
    method = choice_field(Method)
    level = choice_field(Level)
    doubt_reason = choice_field(DoubtReason)
    state = choice_field(VerificationState, default=VerificationState.ASKED)
    sent_to = models.CharField(max_length=320, blank=True)
    replaces = models.CharField(max_length=320, blank=True)
    old_lost = models.CharField(max_length=500, blank=True)
    old_lost_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="old_addresses_lost"
    )
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="verifications_asked")
    asked_at = models.DateTimeField()
    token_digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    concluded_at = models.DateTimeField(null=True, blank=True)
    provider_reference = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            one_of("verification_purpose", "purpose", VerificationPurpose),
            one_of("verification_state", "state", VerificationState),
            one_of("verification_method", "method", Method),
            one_of("verification_level", "level", Level),
            one_of("verification_doubt", "doubt_reason", DoubtReason),
            models.UniqueConstraint(
                name="verification_one_open", fields=["case", "purpose", "replaces"], condition=Q(state="asked")
            ),
            models.CheckConstraint(
                name="verification_old_lost_two_persons",
                condition=Q(old_lost_by__isnull=True) | ~Q(old_lost_by=F("asked_by")),
            ),
            models.CheckConstraint(
                name="verification_new_address_replaces_one",
                condition=Q(purpose="identity", replaces="") | (Q(purpose="new_address") & ~Q(replaces="")),
            ),
        ]
        indexes = [models.Index(fields=["case", "asked_at"], name="verification_by_case")]

    def __str__(self) -> str:
        return f"{self.method} {self.state}"


class OneTimeCode(models.Model):
    """A code that was mailed: derived, single use, 15 minutes, five tries."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="one_time_codes")
    purpose = models.CharField(max_length=32)
    key_id = models.CharField(max_length=40)
    sent_to = models.CharField(max_length=320)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["case", "created_at"], name="code_by_case")]

    def __str__(self) -> str:
        return f"code {self.pk}"
