"""The controller of this installation, and what it said of itself before."""

from django.conf import settings
from django.db import models


class Organisation(models.Model):
    """One row: who answers here, under which law and promise; `version` is that of the last `OrganisationVersion`."""

    name = models.CharField(max_length=200)
    legal_entity_name = models.CharField(max_length=200, blank=True)
    org_number = models.CharField(max_length=40, blank=True)
    postal_address = models.TextField(blank=True)
    country = models.CharField(max_length=2, default="NO")
    time_zone = models.CharField(max_length=64, default="Europe/Oslo")
    policy_days = models.PositiveSmallIntegerField(default=30)
    languages = models.JSONField(default=list)
    rights_contact = models.EmailField()
    from_address = models.EmailField()
    own_addresses = models.JSONField(default=list)
    own_domains = models.JSONField(default=list)
    own_mail_hosts = models.JSONField(default=list)
    authserv_ids = models.JSONField(default=list)
    privacy_page = models.JSONField(default=dict)
    cookie_page = models.JSONField(default=dict)
    dpo = models.CharField(max_length=200, blank=True)
    supervisory_authority = models.JSONField(default=dict)
    keeps_corrections = models.BooleanField(default=False)
    asks_own_data = models.BooleanField(default=False)
    trial = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.CheckConstraint(name="organisation_single_row", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return self.name


class OrganisationVersion(models.Model):
    """The settings as they were from then on, as JSON (`domain.organisation.to_json`).

    Rows are only ever added: the database refuses to change one.
    """

    number = models.PositiveIntegerField(unique=True)
    content = models.JSONField()
    reason = models.CharField(max_length=500)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="organisation_versions",
    )

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"version {self.number}"
