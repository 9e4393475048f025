"""The case, from the first message to the last."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RequestsConfig(AppConfig):
    """The folder cannot be called `requests`, as a well-known library is; label, tables and URL names can."""

    name = "requests_app"
    label = "requests"
    verbose_name = _("Cases")
    default_auto_field = "django.db.models.BigAutoField"
