"""The product's settings with short waits, and the app that makes processes die and clocks jump.

`UNDO_SECONDS=n`: so long an approved deletion can be taken back.
"""

import os
from datetime import timedelta

from config.settings import *  # noqa: F403 - these are the product's settings
from config.settings import DATABASES, INSTALLED_APPS, MIDDLEWARE

OUTBOX_LEASE = timedelta(seconds=2)
SWEEP_SECONDS = 0.5
ORGANISATION_SECOND_LOOK = timedelta(seconds=1)
ERASURE_UNDO = timedelta(seconds=float(os.environ.get("UNDO_SECONDS", "3")))
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults"]
MIDDLEWARE = ["tests.faults.steps.middleware", *MIDDLEWARE]

_OPTIONS = DATABASES["default"]["OPTIONS"]
if "init_command" in _OPTIONS:
    # A killed process does not lose what the kernel has, and a lock held by somebody else is noticed soon.
    _OPTIONS["init_command"] = _OPTIONS["init_command"].replace("synchronous=FULL", "synchronous=OFF")
    _OPTIONS["timeout"] = 5
