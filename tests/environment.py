"""Lays a throw-away `var/` before Django reads its settings; a pytest plugin (`-p tests.environment`).

Every pytest process gets a folder and secrets of its own, so tests never touch the developer's `var/` and
workers of pytest-xdist never meet. The database and the broker are left as the caller set them: nothing set
is the embedded stack, `DATARETT_DATABASE_URL` and `DATARETT_BROKER_URL` set is the scaled-out one.
"""

import atexit
import base64
import os
import shutil
import tempfile
from pathlib import Path

# What a developer may have exported for an installation of their own must not leak into the tests.
FOREIGN = (
    "DATARETT_URL",
    "DATARETT_SECRET_KEY",
    "DATARETT_KEYS",
    "DATARETT_MAILBOX_URLS",
    "DATARETT_SMTP_URL",
    "DATARETT_ENVELOPE_SENDER",
    "DATARETT_CONFIRM_UNADDRESSED",
    "DATARETT_FILES_URL",
    "DATARETT_OAUTH_TENANT",
    "DATARETT_OAUTH_CLIENT_ID",
    "DATARETT_OAUTH_CLIENT_SECRET",
    "DATARETT_OAUTH_SECRET_ENDS",
    "DATARETT_ALARM_WEBHOOK",
    "DATARETT_ALARM_WEBHOOK_SECRET",
    "DATARETT_EID_ISSUER",
    "DATARETT_EID_CLIENT_ID",
    "DATARETT_EID_CLIENT_SECRET",
    "DATARETT_EID_ACR",
    "DATARETT_SSO_ISSUER",
    "DATARETT_SSO_CLIENT_ID",
    "DATARETT_SSO_CLIENT_SECRET",
    "DATARETT_SSO_SECOND_FACTOR",
    "DATARETT_SMS_URL",
    "DATARETT_SMS_TOKEN",
    "PORT",
    "TRIAL",
)


def lay_secrets(var: Path) -> None:
    """Write the two secret files of the embedded stack, with fresh values, mode 0600."""
    var.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = base64.urlsafe_b64encode(os.urandom(32)).decode()
    for name, text in (("secret_key", os.urandom(32).hex()), ("keys", f"test:{key}")):
        path = var / name
        path.write_text(f"{text}\n", encoding="ascii")
        path.chmod(0o600)


def _lay() -> None:
    var = Path(tempfile.mkdtemp(prefix="datarett-tests-"))
    atexit.register(shutil.rmtree, var, ignore_errors=True)
    lay_secrets(var)
    for name in FOREIGN:
        os.environ.pop(name, None)
        os.environ.pop(f"{name}_FILE", None)
    os.environ["DATARETT_VAR"] = str(var)
    if os.environ.get("DATARETT_DATABASE_URL"):
        os.environ["DATARETT_SECRET_KEY_FILE"] = str(var / "secret_key")
        os.environ["DATARETT_KEYS_FILE"] = str(var / "keys")
    # xdist starts its workers without `addopts`; this makes them load the plugin as early as we did.
    os.environ["PYTEST_PLUGINS"] = __name__


_lay()
