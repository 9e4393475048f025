"""A register from a file on the desk: what is wrong is told, what would change is shown, nothing happens by itself."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from exports.desk.register_upload import LARGEST
from exports.domain import register as domain
from exports.models import RegisterVersion
from exports.services import register
from identity.models import User
from requests_app.domain.enums import Role
from tests import factories
from tests.exports.conftest import REGISTER
from tests.exports.house import House
from tests.identity import scenes

PAGE = "/desk/register/file/"
TEXT = REGISTER.read_text(encoding="utf-8")
LINES = TEXT.splitlines()
CHANGED = TEXT.replace("    days: 30\n", "    days: 20\n")


@pytest.fixture
def decider(house: House, client: Client) -> User:
    """A decision-maker who is signed in and reads English."""
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return scenes.signed_in(client, factories.staff(Role.DECISION_MAKER))


def given(content: str | bytes) -> dict[str, SimpleUploadedFile]:
    """What the form of the file sends."""
    data = content if isinstance(content, bytes) else content.encode()
    return {"file": SimpleUploadedFile("mine.yaml", data)}


def line_of(words: str) -> int:
    """The number of the line of the shipped register that these words begin."""
    return 1 + next(number for number, line in enumerate(LINES) if line.strip().startswith(words))


@pytest.mark.parametrize(
    "old, new, expected",
    [
        ("source_systems: [ga]", "source_systems: [gaa]", 'no system has the id "gaa" (did you mean ga?)'),
        ("rights: [erasure, access]", "rights: [erasure, acess]", 'rights: no right has the code "acess"'),
        ("- id: PA09", "- id: PA 09", 'activities.PA 09.id: must be letters, digits, _ and -, not "PA 09"'),
        ("- id: PA09", "- id: PA08", "activities.PA08: the id stands twice"),
        ("data_categories: [rightscase, contact]", "data_categories: [rights]", 'no data category has the id "rights"'),
        ("days: 30", f"days: {'9' * 5000}", "controller.response_promise.days: must be a whole number from 1 to 365"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_file_line_and_key_and_nothing_is_stored(
    decider: User, client: Client, old: str, new: str, expected: str
) -> None:
    response = client.post(PAGE, given(TEXT.replace(old, new)))
    assert response.status_code == 422
    problems = [str(problem) for problem in response.context["problems"]]
    assert [one for one in problems if one.startswith(f"mine.yaml:{line_of(old)}: ") and expected in one], problems
    assert "Nothing was stored" in response.text
    assert RegisterVersion.objects.count() == 1


@pytest.mark.parametrize(
    "content",
    [
        "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n",
        "[" * 10_000,
        "!!python/object/apply:os.system [id]",
        b"\xff\xfe\x00",
        "",
        "schema: other/1\n",
    ],
    ids=["bomb", "deep", "object", "not-utf-8", "empty", "schema"],
)
def test_what_is_no_register_is_refused(decider: User, client: Client, content: str | bytes) -> None:
    assert client.post(PAGE, given(content)).status_code == 422
    assert RegisterVersion.objects.count() == 1


def test_what_is_too_large_is_not_read(decider: User, client: Client) -> None:
    response = client.post(PAGE, given(TEXT + "#" * LARGEST))
    assert response.status_code == 422
    assert "larger than 256 kB" in response.text
    too_long = {"text": TEXT + "#" * LARGEST, "reason": "Vedtak", "version": "1"}
    assert client.post(PAGE, too_long).status_code == 422
    assert RegisterVersion.objects.count() == 1


def test_many_mistakes_are_counted(decider: User, client: Client) -> None:
    response = client.post(PAGE, given("".join(f"key{number}: 1\n" for number in range(80))))
    assert (len(response.context["problems"]), response.context["more"]) == (50, 31)


def test_a_file_is_compared_first_and_taken_over_with_a_reason(decider: User, client: Client) -> None:
    compared = client.post(PAGE, given(CHANGED))
    (line,) = compared.context["lines"]
    assert (line.label, line.before[0].text, line.after[0].text) == ("The days promised", "30", "20")
    assert RegisterVersion.objects.count() == 1
    form = compared.context["form"]
    sent = {"text": form["text"].value(), "version": form["version"].value()}
    assert client.post(PAGE, sent | {"reason": " "}).status_code == 422
    assert client.post(PAGE, sent | {"reason": "Ny erklæring"})["Location"] == "/desk/register/"
    assert register.current() == (2, domain.parse_text(CHANGED))
    row = RegisterVersion.objects.get(number=2)
    assert (row.reason, row.created_by) == ("Ny erklæring", decider)


def test_a_register_that_changed_in_between_is_compared_anew(decider: User, client: Client) -> None:
    sent = {"text": CHANGED, "version": "1", "reason": "Ny erklæring"}
    value = domain.Text(en="three years", nb="tre år")
    actor = decider.as_actor()
    register.fill("activities.PA10.retention", value, expected_version=1, reason="Vedtak", actor=actor)
    response = client.post(PAGE, sent)
    assert response.status_code == 422
    assert {line.label for line in response.context["lines"]} == {"The days promised", "How long the data is kept"}
    assert register.current()[0] == 2
    assert client.post(PAGE, sent | {"version": response.context["form"]["version"].value()}).status_code == 302
    assert register.current() == (3, domain.parse_text(CHANGED))


def test_the_same_is_not_taken_over(decider: User, client: Client) -> None:
    assert client.post(PAGE, given(TEXT)).context["same"]
    assert client.post(PAGE, {"text": TEXT, "version": "1", "reason": "Igjen"}).status_code == 422
    assert register.current()[0] == 1


def test_only_the_decision_maker_takes_over_a_file(house: House, client: Client) -> None:
    scenes.signed_in(client, factories.staff(Role.HANDLER))
    assert PAGE not in client.get("/desk/register/").text
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, given(CHANGED)).status_code == 403
    assert client.post(PAGE, {"text": CHANGED, "version": "1", "reason": "x"}).status_code == 403
    assert register.current()[0] == 1


def test_the_largest_file_survives_the_way_through_a_browser(decider: User, client: Client) -> None:
    """A browser sends each end of a line as two characters."""
    room = LARGEST - len(CHANGED.encode())
    seen = client.post(PAGE, given(CHANGED + "#\n" * (room // 2)))
    assert seen.status_code == 200
    text = seen.context["form"]["text"].value().replace("\n", "\r\n")
    taken = client.post(PAGE, {"text": text, "reason": "Vedtak", "version": "1"})
    assert taken["Location"] == "/desk/register/"
    assert register.current()[0] == 2
