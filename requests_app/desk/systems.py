"""What the systems are called: an upper app knows (`config.wiring.SYSTEM_NAMES`)."""

from collections.abc import Mapping

from django.conf import settings
from django.utils.module_loading import import_string


def names() -> Mapping[str, str]:
    """Return the names of the systems in the reader's language, by id."""
    found: Mapping[str, str] = import_string(settings.SYSTEM_NAMES)()
    return found
