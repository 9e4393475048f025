"""A browser in which somebody logged in before: known for that address alone, and for half a year."""

from datetime import UTC, datetime, timedelta

import time_machine
from django.http import HttpResponse
from django.test import override_settings

from identity.services import known_browser

NOW = datetime(2026, 11, 2, 7, 0, tzinfo=UTC)
KARI, OLA = "kari@optimar.example", "ola@optimar.example"


def cookies(*addresses: str) -> dict[str, str]:
    """What a browser holds after these people logged in there."""
    response = HttpResponse()
    for address in addresses:
        known_browser.remember(response, address)
    return {name: morsel.value for name, morsel in response.cookies.items()}


def test_it_is_known_for_the_address_whatever_its_capitals() -> None:
    held = cookies(KARI)
    number = known_browser.of(held, KARI)
    assert number
    assert known_browser.of(held, f" {KARI.upper()} ") == number
    assert known_browser.of(held, OLA) == ""
    assert known_browser.of({}, KARI) == ""


def test_several_people_may_share_one_and_two_browsers_are_two() -> None:
    held = cookies(KARI, OLA)
    numbers = {known_browser.of(held, KARI), known_browser.of(held, OLA), known_browser.of(cookies(KARI), KARI)}
    assert len(numbers) == 3
    assert "" not in numbers


def test_one_that_was_made_up_moved_or_is_too_old_is_worth_nothing() -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        ((name, value),) = cookies(KARI).items()
        ((name_of_ola, _value),) = cookies(OLA).items()
        assert known_browser.of({name_of_ola: value}, OLA) == ""
        for forged in ("", "x", value[:-1], value + "x", value.replace(":", "")):
            assert known_browser.of({name: forged}, KARI) == ""
        with override_settings(SECRET_KEY="x" * 60):
            assert known_browser.of({name: value}, KARI) == ""
        clock.shift(timedelta(days=180, seconds=1))
        assert known_browser.of({name: value}, KARI) == ""


def test_the_cookie_is_for_the_desk_alone_and_names_nobody() -> None:
    response = HttpResponse()
    known_browser.remember(response, KARI)
    ((name, morsel),) = response.cookies.items()
    assert (morsel["path"], morsel["httponly"], morsel["samesite"]) == ("/desk/", True, "Strict")
    assert "kari" not in name + morsel.value
