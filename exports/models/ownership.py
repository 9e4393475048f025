"""Who owns a system: an account that sees its tasks, or an address that is sent a link for one task at a time."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from exports.domain.enums import SILENT

from .task import SystemTask


class SystemOwner(models.Model):
    """The owner of one system of the register: either an account of the staff or an e-mail address without one."""

    system = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="owned_systems"
    )
    email = models.EmailField(max_length=320, blank=True)

    class Meta:
        ordering = ["system"]
        constraints = [
            models.CheckConstraint(
                name="system_owner_is_one",
                condition=Q(user__isnull=False, email="") | (Q(user__isnull=True) & ~Q(email="")),
            )
        ]

    def __str__(self) -> str:
        return f"owner of {self.system}"


class TaskLinkQuerySet(models.QuerySet["TaskLink"]):
    """Filters that read like the staff's words."""

    def open_at(self, now: datetime) -> "TaskLinkQuerySet":
        """Links that work: not withdrawn, not over, their task still without an answer.

        Shielding a case ends those that were sent before: who may know of it is for its readers to say anew.
        """
        shielded = "task__dsr__case__shielded_at"
        return self.filter(
            Q((f"{shielded}__isnull", True)) | Q(created_at__gte=F(shielded)),
            withdrawn_at__isnull=True, answered_at__isnull=True, expires_at__gt=now, task__state__in=list(SILENT),
        )  # fmt: skip


class TaskLink(models.Model):
    """A link by which the owner of a system answers one task without an account.

    It is derived (`requests_app.domain.tokens`); the row knows it by its hash only. `sent_by` stands for whom it was
    sent to, so it ends when they leave. `round` is that of the task: a question that is put anew needs a new link.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    task = models.ForeignKey(SystemTask, on_delete=models.PROTECT, related_name="links")
    round = models.PositiveIntegerField()
    sent_to = models.EmailField(max_length=320)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="sent_task_links")
    key_id = models.CharField(max_length=40)
    token_digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = TaskLinkQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                name="task_link_one_open",
                fields=["task"],
                condition=Q(withdrawn_at__isnull=True, answered_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"link to task {self.task_id}"
