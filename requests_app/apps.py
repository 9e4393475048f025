"""The case: intake, triage, clock, lifecycle, correspondence, audit, closure."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RequestsConfig(AppConfig):
    """On disk `requests_app`, at run time `requests` (label, tables, URL namespace)."""

    name = "requests_app"
    label = "requests"
    verbose_name = _("Cases")
    default_auto_field = "django.db.models.BigAutoField"
