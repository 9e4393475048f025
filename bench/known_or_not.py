"""Asks the pages that take an address or a code, for known and unknown ones by turns, and prints their medians.

Started by `bench/identity.py`, which makes the folder that it works in and removes it.
"""

import argparse
import json
import os
import time
from collections.abc import Callable
from statistics import median

import django
from django.core.management import call_command

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
django.setup()

from django.test import Client  # noqa: E402 - the models need the settings

from identity.models import LoginThrottle, OneTimeCode  # noqa: E402
from identity.services import codes  # noqa: E402
from requests_app.domain import tokens  # noqa: E402
from requests_app.domain.enums import Role  # noqa: E402
from requests_app.keyring import ring  # noqa: E402
from tests import factories  # noqa: E402

NOBODY = "nobody@optimar.example"
KNOWN_PERSON, UNKNOWN_PERSON = "kari.holm@example.com", "kari.lund@example.com"
PURPOSE = "download"


def main() -> None:
    """Print one line of JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, required=True)
    rounds: int = parser.parse_args().rounds
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    print(json.dumps([_compared(rounds, *pair) for pair in pairs()]))


def pairs() -> list[tuple[str, Callable[[], object], Callable[[], object]]]:
    """What is compared: words, how a known one is asked, how an unknown one."""
    factories.organisation()
    member = factories.staff(Role.HANDLER)
    case = factories.case(email=KNOWN_PERSON)
    codes.send(case, PURPOSE, KNOWN_PERSON)
    row = OneTimeCode.objects.get()
    right = tokens.derive_code(ring(), codes.DERIVATION, str(row.uuid), 1, row.key_id)
    near, far = right[:-1] + _another(right[-1]), "".join(map(_another, right))
    browser = Client(headers={"host": "localhost"})

    def log_in(email: str) -> Callable[[], object]:
        return lambda: browser.post("/desk/login/", {"email": email, "password": "not the right one"})

    def ask_for_link(email: str) -> Callable[[], object]:
        return lambda: browser.post("/s/link/", {"email": email})

    return [
        ("login, a known address over an unknown one", log_in(member.email), log_in(NOBODY)),
        ("a new link, a known address over an unknown one", ask_for_link(KNOWN_PERSON), ask_for_link(UNKNOWN_PERSON)),
        (
            "a wrong code, nearly right over not at all",
            lambda: codes.check(case, PURPOSE, near, KNOWN_PERSON),
            lambda: codes.check(case, PURPOSE, far, KNOWN_PERSON),
        ),
    ]


def _another(digit: str) -> str:
    return str((int(digit) + 5) % 10)


def _compared(rounds: int, what: str, known: Callable[[], object], unknown: Callable[[], object]) -> dict[str, object]:
    """Ask by turns, each first as often as the other; a first round is not counted."""
    times: dict[Callable[[], object], list[float]] = {known: [], unknown: []}
    for turn in range(rounds + 1):
        for ask in (known, unknown) if turn % 2 else (unknown, known):
            LoginThrottle.objects.all().delete()
            OneTimeCode.objects.update(tries=0)
            begun = time.perf_counter_ns()
            ask()
            if turn:
                times[ask].append((time.perf_counter_ns() - begun) / 1e6)
    known_ms, unknown_ms = median(times[known]), median(times[unknown])
    return {
        "what": what,
        "known_ms": round(known_ms, 2),
        "unknown_ms": round(unknown_ms, 2),
        "ratio": round(known_ms / unknown_ms, 3),
    }


if __name__ == "__main__":
    main()
