"""The container: one person, 1..n requests, messages, decisions."""

import uuid
from typing import Any, Protocol

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from requests_app.domain.enums import Channel, Requester

from .fields import choice_field, one_of


class CaseSerial(models.Model):
    """The last serial number given out in a year; the row is locked while the next is taken."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class Viewer(Protocol):
    """A member of staff, as far as it matters for what they may see."""

    pk: int
    email: str


class CaseQuerySet(models.QuerySet["Case"]):
    """Filters that read like the staff's words."""

    def open(self) -> "CaseQuerySet":
        """Cases that still owe somebody an answer."""
        return self.filter(closed_at__isnull=True)

    def about(self, user: Viewer) -> "CaseQuerySet":
        """Cases to which a member of staff is a party: it is theirs by its address, or somebody has said so."""
        return self.filter(_is_party(user))

    def hidden_from(self, user: Viewer) -> "CaseQuerySet":
        """Cases that do not exist for a member of staff: those they are a party to, and shielded ones of others."""
        return self.filter(_hidden(user))

    def visible_to(self, user: Viewer) -> "CaseQuerySet":
        """All other cases. Every page, list, count and mail for staff goes by this."""
        return self.filter(~_hidden(user))

    def unshielded(self) -> "CaseQuerySet":
        """Cases for which nobody named readers, as a machine may read them."""
        return self.filter(shielded_at__isnull=True)


def _is_party(user: Viewer) -> Q:
    named = Case.parties.through._default_manager.filter(case=OuterRef("pk"), user=user.pk)
    own = Q(person_email__iexact=user.email) | Q(concerned_known_as__iexact=user.email)
    return own | Q(Exists(named))


def _hidden(user: Viewer) -> Q:
    mine = {"case": OuterRef("pk"), "user": user.pk}
    reads = Case.readers.through._default_manager.filter(**mine)
    broke_in = Case.emergency_readers.through._default_manager.filter(**mine, until__gt=timezone.now())
    return _is_party(user) | (Q(shielded_at__isnull=False) & ~Q(Exists(reads)) & ~Q(Exists(broke_in)))


class Case(models.Model):
    """One person's matter (sak), with one reference, one language and one secret status link.

    `concerned_…` say whose data it is when somebody writes on behalf of another: a name, and an e-mail address or a
    customer number by which that person may be found. Nobody has confirmed them. `unread_since`: the person wrote
    then, and nobody has answered or said that it is read. `forgotten_at`: what was said, and who said it, was deleted
    then; numbers, dates, outcomes and hashes stay. `shielded_at`: since then only its readers know of it.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reference = models.CharField(max_length=24, unique=True)
    language = models.CharField(max_length=2, default="nb")
    channel = choice_field(Channel)
    requester = choice_field(Requester, default=Requester.SELF)
    person_name = models.CharField(max_length=200, blank=True)
    person_email = models.EmailField(max_length=320, blank=True)
    person_phone = models.CharField(max_length=40, blank=True)
    person_address = models.TextField(blank=True)
    concerned_name = models.CharField(max_length=200, blank=True)
    concerned_known_as = models.CharField(max_length=320, blank=True)
    received_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    unread_since = models.DateTimeField(null=True, blank=True)
    forgotten_at = models.DateTimeField(null=True, blank=True)
    shielded_at = models.DateTimeField(null=True, blank=True)
    readers: "models.ManyToManyField[Any, Any]" = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="CaseReader", through_fields=("case", "user"), related_name="+"
    )
    parties: "models.ManyToManyField[Any, Any]" = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="CaseParty", through_fields=("case", "user"), related_name="+"
    )
    emergency_readers: "models.ManyToManyField[Any, Any]" = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="BreakGlass", through_fields=("case", "user"), related_name="+"
    )
    due_on = models.DateField(null=True, blank=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="assigned_cases",
    )
    link_generation = models.PositiveIntegerField(default=1)
    link_key_id = models.CharField(max_length=40)
    link_digest = models.CharField(max_length=64, unique=True)
    link_expires_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("case_channel", "channel", Channel),
            one_of("case_requester", "requester", Requester),
            models.CheckConstraint(name="case_language", condition=Q(language__in=["nb", "en"])),
        ]
        indexes = [
            models.Index(fields=["due_on", "id"], name="case_open_by_due", condition=Q(closed_at__isnull=True)),
            models.Index(fields=["due_on", "id"], name="case_by_due"),
            models.Index(fields=["person_email"], name="case_by_email"),
            models.Index(fields=["closed_at"], name="case_not_forgotten", condition=Q(forgotten_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.reference
