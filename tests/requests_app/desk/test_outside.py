"""The panel that asks whether a mail from a mail program is the answer, as each role sees and uses it."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse
from pytest_django.fixtures import Settings

from requests_app.domain.enums import Right, Role
from requests_app.models import Case, SentMail
from requests_app.services import sent_mail, triage
from tests import factories
from tests.desk_client import DeskClient, desk_client, text
from tests.requests_app.services.post import KARI, arrived, letter

ASKED = "<kari-1@example.com>"
QUESTION = "Does this count as the answer?"


@pytest.fixture(autouse=True)
def _panel(settings: Settings) -> None:
    settings.CASE_PANELS = ("requests_app.desk.outside.panel",)


@pytest.fixture
def case() -> Case:
    """A case of Kari's, to whom a colleague wrote from a mail program."""
    inquiry = arrived(letter(Message_ID=ASKED))
    case = triage.sort_as_request(inquiry.pk, [Right.ACCESS], actor=factories.staff().as_actor())
    raw = letter("Her er <b>alt</b>.", sender="anne@optimar.no", To=KARI, Subject="Sv: Innsyn", In_Reply_To=ASKED)
    row, _ = sent_mail.record(sent_at=datetime(2026, 7, 2, 8, tzinfo=UTC), raw=raw, oversize=False, size=len(raw))
    sent_mail.read(row.pk)
    return case


def page(case: Case) -> str:
    """The page of the case."""
    return reverse("requests:desk:case", args=[case.reference])


def press(desk: DeskClient, step: str, case: Case) -> str:
    """Take a step as the page is now, and read the page that follows."""
    url = reverse(f"requests:desk:outside-{step}", args=[case.reference, SentMail.objects.get().pk])
    return text(desk.post(url, {"version": Case.objects.get(pk=case.pk).version}, follow=True))


def test_a_case_without_such_a_mail_has_no_panel() -> None:
    assert "Answered outside the system" not in desk_client().read(page(factories.case()))


def test_yes_by_one_and_confirmed_by_another(case: Case) -> None:
    handler, approver = desk_client(name="Hanne"), desk_client(Role.APPROVER, name="Arne")
    shown = handler.read(page(case))
    assert QUESTION in shown
    assert "2 Jul 2026" in shown
    assert "Her er &lt;b&gt;alt&lt;/b&gt;." in shown
    assert "A colleague" in shown  # in the history
    assert "As PDF for post" not in shown
    shown = press(handler, "answer", case)
    assert "Somebody else now confirms" in shown
    assert QUESTION not in shown
    assert "Confirm the answer" in approver.read(page(case))
    shown = press(approver, "confirm", case)
    assert "Confirmed: answered outside the system on 2 July 2026" in shown
    assert "No, it is not the answer" not in shown


def test_the_mail_can_be_had_as_it_was_sent_until_it_is_forgotten(case: Case) -> None:
    row = SentMail.objects.get()
    url, desk = reverse("requests:desk:outside-raw", args=[case.reference, row.pk]), desk_client(Role.APPROVER)
    assert url in desk.read(page(case))
    response = desk.get(url)
    assert bytes(response.content) == bytes(row.raw)
    assert response["Content-Type"] == "message/rfc822"
    assert response["Content-Disposition"].startswith("attachment")
    assert desk_client(Role.AUDITOR).get(url).status_code == 403
    assert desk.get(reverse("requests:desk:outside-raw", args=[factories.case().reference, row.pk])).status_code == 404
    SentMail.objects.update(forgotten_at=row.sent_at)
    assert desk.get(url).status_code == 404


def test_whoever_said_so_sees_why_they_cannot_confirm(case: Case) -> None:
    both = desk_client(Role.HANDLER, Role.APPROVER)
    assert "Somebody else must confirm it." in press(both, "answer", case)
    assert "Somebody else must confirm it." in press(both, "confirm", case)
    assert SentMail.objects.get().confirmed_at is None


def test_no_leaves_it_in_the_history_and_can_be_changed(case: Case) -> None:
    handler = desk_client()
    shown = press(handler, "other", case)
    assert QUESTION not in shown
    assert "1 mail that is not the answer" in shown
    assert "the answer is still owed" in shown
    assert "Written outside the system: Sv: Innsyn" in shown
    assert "Somebody else now confirms" in press(handler, "answer", case)


@pytest.mark.parametrize("role", [Role.INTAKE, Role.DPO])
def test_others_read_and_cannot_press(case: Case, role: Role) -> None:
    reader = desk_client(role)
    shown = reader.read(page(case))
    assert QUESTION in shown
    assert "Yes, it is the answer" not in shown
    row = SentMail.objects.get()
    for step in ("answer", "other", "confirm"):
        assert reader.post(reverse(f"requests:desk:outside-{step}", args=[case.reference, row.pk])).status_code == 403


def test_a_mail_of_another_case_is_not_found(case: Case) -> None:
    other, row = factories.case(), SentMail.objects.get()
    url = reverse("requests:desk:outside-answer", args=[other.reference, row.pk])
    assert desk_client().post(url).status_code == 404
