"""How long a stranger has to wait before the next thing that writes to our database.

Who counts and how stands above us (`config/wiring.py: WRITE_BRAKE`); here is only what is counted.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from enum import StrEnum
from math import ceil

from django.conf import settings
from django.utils.module_loading import import_string


class Door(StrEnum):
    """Where strangers write, each with a limit of its own."""

    FORM = "form"
    LINK = "link"
    API = "api"


def seconds_to_wait(door: Door, meta: Mapping[str, object], client: str = "") -> int:
    """Count one try at a door and return 0, or in how many seconds the next may be made.

    `meta` is that of the request, by whose network is counted; `client` is the machine behind a call of the API,
    which is counted instead.
    """
    count: Callable[[str, Mapping[str, object], str], timedelta] = import_string(settings.WRITE_BRAKE)
    return ceil(count(door, meta, client).total_seconds())
