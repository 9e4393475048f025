"""The links in our mails: the web is killed at every step of a no to marketing, and of taking it back."""

from itertools import count
from typing import Any

from django.utils import timezone

from requests_app.domain import tokens
from requests_app.domain.enums import Direction
from requests_app.keyring import ring
from requests_app.models import AuditEntry, Case, Suppression
from requests_app.services import undo_link, unsubscribe
from tests.faults import dying, house
from tests.faults.console import Console
from tests.faults.table import fault
from tests.faults.visitor import press
from tests.services.installation import Installation

FEWEST_STEPS = 4  # each of the two is done, and answered
WORDS = ("marketing.blocked", "marketing.lifted", "case.opened")


@fault(
    breaks="kill -9 of the web before each of its steps, in turn, while somebody stops marketing and takes it back",
    then="whoever presses again has stopped it once, in one case, and taken it back once",
)
def test_a_web_process_killed_at_any_step_stops_and_allows_marketing_once(
    installation: Installation, inside: Console
) -> None:
    dying.prepare(installation, inside)
    installation.start("web")
    for step in count(1):
        stop = inside(way_out, _reader(step))
        house.arm(installation, "web", step)
        press(f"{installation.url}{stop}", {})
        assert inside(result, _reader(step))["blocks"] == ["standing"]
        press(f"{installation.url}{inside(way_back, _reader(step))}", {})
        if house.armed(installation):
            break  # there is no such step any more
    assert step > FEWEST_STEPS, "the steps of the links are not counted"
    house.disarm(installation)
    installation.start("worker", **house.ONE_THREAD)
    house.wait_settled(installation)
    for number in range(1, step + 1):
        assert inside(result, _reader(number)) == {
            "blocks": ["lifted"],
            "requests": ["consent_withdrawal"],
            "words": 2,  # that she withdraws, and that she takes it back
            "audit": dict.fromkeys(WORDS, 1),
        }
    installation.manage("verify_audit")


def _reader(number: int) -> str:
    return f"leser.{number}@example.com"


def way_out(email: str) -> str:
    """The path of the link in a mailing."""
    return "/u/" + unsubscribe.link(email, "en").rpartition("/")[2]


def way_back(email: str) -> str:
    """The path of the link in the confirmation."""
    return tokens.reveal(ring(), undo_link.secret(Case.objects.get(person_email=email), timezone.now()))


def result(email: str) -> dict[str, Any]:
    """What became of a reader's wishes."""
    case = Case.objects.get(person_email=email)
    entries = AuditEntry.objects.filter(subject=f"case:{case.pk}")
    return {
        "blocks": [row.state for row in Suppression.objects.filter(case=case)],
        "requests": list(case.dsrs.values_list("right", flat=True)),
        "words": case.messages.filter(direction=Direction.IN.value).count(),
        "audit": {name: entries.filter(action=name).count() for name in WORDS},
    }
