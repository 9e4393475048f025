"""Which registers a case is about, beside that of the customers."""

from django.conf import settings
from django.db import models

from requests_app.models import Case


class ConcernedRegister(models.Model):
    """One register that somebody added to a case, by its key; that of the customers is always part of it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="registers")
    register = models.SlugField(max_length=40)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="added_registers")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="concerned_register_once", fields=["case", "register"])]

    def __str__(self) -> str:
        return f"{self.register} of case {self.case_id}"
