"""django-helpdesk over the same mails, as its own command reads them; runs in an environment of its own.

Started by `bench/mail.py`. Prints one line of JSON. Its mail goes nowhere, which costs it less than ours costs us.
"""

import argparse
import json
import logging
import os
from importlib import import_module
from urllib.parse import urlsplit

import django
from django.conf import settings
from django.core.management import call_command
from django.urls import include, path

from bench.usage import measured


def main() -> None:
    """Go through both folders; only the second counts."""
    options = _options()
    settings.configure(
        SECRET_KEY="bench",  # noqa: S106 - of a database that is gone afterwards
        DATABASES={"default": _database(options.database)},
        INSTALLED_APPS=[
            "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions",
            "django.contrib.messages", "django.contrib.sites", "django.contrib.humanize", "django.contrib.admin",
            "rest_framework", "helpdesk",
        ],
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
        SITE_ID=1, USE_TZ=True, DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        HELPDESK_TEAMS_MODE_ENABLED=False, HELPDESK_ACTIVATE_API_ENDPOINT=False,
        EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
        MEDIA_ROOT=options.media, MEDIA_URL="/media/",
    )  # fmt: skip
    django.setup()
    settings.ROOT_URLCONF = (path("", include("helpdesk.urls", namespace="helpdesk")),)
    logging.disable(logging.CRITICAL)
    call_command("migrate", verbosity=0)
    call_command("loaddata", "emailtemplate.json", verbosity=0)  # without them it acknowledges nothing
    models = import_module("helpdesk.models")  # here, for the models need the settings
    tickets, queues = models.Ticket.objects, models.Queue.objects
    queues.create(
        title="Bench", slug="bench", email_address=options.user, allow_email_submission=True, email_box_type="imap",
        email_box_ssl=True, email_box_host="127.0.0.1", email_box_port=options.port, email_box_user=options.user,
        email_box_pass=os.environ["BENCH_PASSWORD"], email_box_interval=0, email_box_imap_folder=options.warm_up,
    )  # fmt: skip
    call_command("get_email", quiet=True)
    before = tickets.count()
    queues.update(email_box_imap_folder=options.folder)
    with measured() as usage:
        call_command("get_email", quiet=True)
    print(json.dumps({"mails": tickets.count() - before, "wall": usage.wall, "cpu": usage.cpu}))


def _database(place: str) -> dict[str, object]:
    if "://" not in place:
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": place}
    url = urlsplit(place)
    return {
        "ENGINE": "django.db.backends.postgresql", "NAME": url.path.lstrip("/"), "USER": url.username,
        "PASSWORD": url.password, "HOST": url.hostname, "PORT": url.port,
    }  # fmt: skip


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    for name in ("database", "user", "media", "warm-up", "folder"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--port", type=int, required=True)
    return parser.parse_args()


if __name__ == "__main__":
    main()
