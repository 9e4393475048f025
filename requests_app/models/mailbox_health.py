"""How the reading of a mailbox goes. No address of anybody who wrote, unless the operator named it, and no secret."""

from django.db import models

from requests_app.domain.enums import MailboxFault

from .fields import choice_field, one_of


class MailboxHealth(models.Model):
    """One mailbox or folder that is read, by the name under which sightings know it.

    `expected_since` is when we first knew that it is to be read, `looked_at` (to a minute) when a look at it last began
    or went on, `fetched_at` the end of the last that succeeded, `fault` and `faulted_at` tell of the last that did not
    (and stay), `waiting_since` when the oldest mail came that it still holds for us, as far as that is known.
    The excluded folders and senders are what the operator named, `left_out` how many mails of such senders lie there.
    `noticed_at` and `told_at`: when a sweep first found it to be out, and when the staff were told.
    """

    name = models.CharField(max_length=300, unique=True)
    expected_since = models.DateTimeField()
    looked_at = models.DateTimeField(null=True, blank=True)
    fetched_at = models.DateTimeField(null=True, blank=True)
    fault = choice_field(MailboxFault, blank=True)
    faulted_at = models.DateTimeField(null=True, blank=True)
    waiting_since = models.DateTimeField(null=True, blank=True)
    excluded_folders = models.JSONField(default=list)
    excluded_senders = models.JSONField(default=list)
    left_out = models.PositiveIntegerField(default=0)
    noticed_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [one_of("mailbox_health_fault", "fault", MailboxFault, blank=True)]

    def __str__(self) -> str:
        return f"mailbox {self.pk}"

    @property
    def short_name(self) -> str:
        """The name without how it is reached: who works the queue knows the user or the folder, and no paths."""
        return self.name.partition("://")[2] or self.name.rpartition("/")[2] or self.name
