"""The composition root as an app, so that its commands and system checks are found."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Knows all three apps; nothing knows it."""

    name = "config"
    label = "config"

    def ready(self) -> None:
        """Register the system checks."""
        from . import checks  # noqa: F401 - importing registers them
