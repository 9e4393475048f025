"""Who is asking, who is working."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IdentityConfig(AppConfig):
    """Staff accounts, identity confirmation of data subjects, one-time codes, API tokens."""

    name = "identity"
    verbose_name = _("Identity")
    default_auto_field = "django.db.models.BigAutoField"
