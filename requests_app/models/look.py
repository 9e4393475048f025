"""Who looked at what: one row for each time somebody here opened content of a case or an inquiry."""

from django.db import models
from django.db.models import Q

from requests_app.domain.enums import LookedAt

from .fields import choice_field, one_of


class Look(models.Model):
    """One person saw one kind of content, at least once in the minutes after `at`.

    Like the audit it points to nothing by foreign key and holds no personal data of whoever is looked at. Triggers
    keep a row as it is until its time is over (`services.looks.KEPT`). `break_glass` is the number of the emergency
    access that let the person in, where it took one: its row holds the reason. `by_link` is the number of the link by
    which the owner of a system saw it without an account; `user_id` is then whoever sent that link.
    """

    case_id = models.BigIntegerField(null=True, blank=True)
    inquiry_id = models.BigIntegerField(null=True, blank=True)
    user_id = models.BigIntegerField()
    at = models.DateTimeField()
    what = choice_field(LookedAt)
    break_glass = models.BigIntegerField(null=True, blank=True)
    by_link = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            one_of("look_what", "what", LookedAt),
            models.CheckConstraint(
                name="look_at_something", condition=Q(case_id__isnull=False) | Q(inquiry_id__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["case_id", "at"], name="look_by_case"),
            models.Index(fields=["inquiry_id", "at"], name="look_by_inquiry"),
            models.Index(fields=["at"], name="look_by_time"),
        ]

    def __str__(self) -> str:
        return f"look {self.pk}"
