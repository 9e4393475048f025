"""What the organisation of the demo did for itself: its registers, a letter in its own words, somebody on holiday."""

from datetime import timedelta
from pathlib import Path

from django.conf import settings

from exports.domain.register import Text
from exports.services import ownership, register
from identity.services import absence
from requests_app.domain.letters import LETTERS
from requests_app.services import clock, letter_texts

from .doing import Team

EMPLOYEES = "employees"
OWNED = "hubspot"
_EMPLOYER = Path(settings.BASE_DIR) / "config" / "registers" / "employer.yaml"
_CLOSING = "Vennlig hilsen"
_OPENING_HOURS = "Vil du heller snakke med oss? Ring 100 00 100 på hverdager mellom klokka 9 og 15."


def open_registers(team: Team) -> None:
    """Fill a field that was only an example, and switch on the register of the employees.

    Before the first case: afterwards every open one would be looked at again.
    """
    number, _current = register.current()
    kept = Text(en="24 months after the last contact", nb="24 måneder etter den siste kontakten")
    register.fill(
        "activities.PA04.retention", kept, expected_version=number, actor=team.decision_maker.as_actor(),
        reason="Slik er det satt opp i kundesystemet, bekreftet av systemeieren.",
    )  # fmt: skip
    register.load(_EMPLOYER, key=EMPLOYEES)


def name_owner(team: Team) -> None:
    """Give a system to somebody who sees nothing but what is to be done in it."""
    ownership.name_owner(OWNED, user_id=team.system_owner.pk, email="", actor=team.decision_maker.as_actor())


def say_it_in_own_words(team: Team) -> None:
    """Add the telephone hours to the receipt that everybody gets; from now on, for what was sent stays as it was."""
    letter, language = LETTERS["acknowledgement"], "nb"
    now = letter_texts.in_force(letter, language)
    letter_texts.save(
        letter, language, now.subject, now.body.replace(_CLOSING, f"{_OPENING_HOURS}\n\n{_CLOSING}"),
        expected=now.version, reason="Mange ringer oss uansett, og da helst i åpningstiden.",
        actor=team.decision_maker.as_actor(),
    )  # fmt: skip


def go_away(team: Team) -> None:
    """Send one of the handlers on holiday; a colleague stands in."""
    today = clock.today()
    absence.change(team.away.pk, today, today + timedelta(days=14), team.handler.pk, actor=team.away.as_actor())
