"""Who may see a case, where not everybody may: named readers, parties who step aside, access in an emergency.

Readers and parties are of one shape and in two tables: they mean the opposite, and where a query of one table forgot
to say which, a party would be a reader. Nor could `Case.readers` and `Case.parties` be relations then.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q

from .case import Case


class CaseReader(models.Model):
    """Somebody who may see a shielded case."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="reader_rows")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "user"], name="case_reader_once")]

    def __str__(self) -> str:
        return f"reader {self.user_id} of case {self.case_id}"


class CaseParty(models.Model):
    """Somebody of the staff whom a case is about, or who is close to one: they neither see it nor work on it."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="party_rows")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "user"], name="case_party_once")]

    def __str__(self) -> str:
        return f"party {self.user_id} of case {self.case_id}"


class BreakGlass(models.Model):
    """Somebody asked to see a case in an emergency, and why.

    `reference` is what they typed. Without a `case` nothing was opened (there is none, or it is not theirs to open);
    with one it is open to them `until` then. The reason goes with the rest of what was said of the case.
    """

    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.CASCADE, related_name="break_glass_rows")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=24)
    reason = models.TextField(blank=True)
    at = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="break_glass_of_a_case",
                condition=Q(case__isnull=True, until__isnull=True) | Q(case__isnull=False, until__isnull=False),
            )
        ]
        indexes = [
            models.Index(fields=["user", "at"], name="break_glass_by_user"),
            models.Index(fields=["at"], name="break_glass_by_time"),
        ]

    def __str__(self) -> str:
        return f"break-glass {self.pk}"
