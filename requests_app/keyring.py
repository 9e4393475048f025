"""The key ring of this installation."""

from functools import lru_cache

from django.conf import settings

from requests_app.domain import keys


@lru_cache(maxsize=4)
def _parsed(text: str) -> keys.KeyRing:
    return keys.parse(text)


def ring() -> keys.KeyRing:
    """Return the key ring from DATARETT_KEYS."""
    return _parsed(settings.KEYS_TEXT)
