"""The box that says who sees a case, and the page of emergency access."""

import pytest
from pytest_django import Settings

from requests_app.domain.enums import Role
from requests_app.models import BreakGlass, Case, Look, Note
from requests_app.services import shield
from tests import factories
from tests.desk_client import DeskClient, desk_client, text

WHY = "A colleague asks for their own data."
URGENT = "The person stands at the door and waits for it."
NOBODYS = "DR-2026-999999-38"


@pytest.fixture(autouse=True)
def _with_its_panel(settings: Settings) -> None:
    settings.CASE_SIDE_PANELS = ("requests_app.desk.shield.panel", "requests_app.desk.looks_panel.panel")


def panel(desk: DeskClient, case: Case) -> str:
    return desk.read(f"/desk/cases/{case.reference}/").partition('id="shield"')[2].partition("</section>")[0]


def save(desk: DeskClient, case: Case, step: str, **given: object) -> str:
    case.refresh_from_db()
    data = {"why": WHY, "version": case.version} | given
    return text(desk.post(f"/desk/cases/{case.reference}/{step}/", data, follow=True))


@pytest.mark.parametrize("role", [Role.HANDLER, Role.DECISION_MAKER, Role.DPO])
def test_who_may_shield_does_it_on_the_case(role: Role) -> None:
    desk, handler, case = desk_client(role), factories.staff(), factories.case()
    assert "Only the readers see the case now." in save(desk, case, "shield", people=[desk.user.pk, handler.pk])
    case.refresh_from_db()
    assert case.shielded_at is not None
    assert handler.name in panel(desk, case)
    assert Note.objects.get(case=case).text == WHY
    save(desk, case, "shield/lift")
    case.refresh_from_db()
    assert case.shielded_at is None


@pytest.mark.parametrize("role", [Role.INTAKE, Role.APPROVER])
def test_others_cannot(role: Role) -> None:
    desk, case = desk_client(role), factories.case()
    for step in ("shield", "shield/lift", "parties"):
        assert desk.post(f"/desk/cases/{case.reference}/{step}/").status_code == 403
    assert panel(desk, case) == ""


def test_what_is_refused_comes_back_as_it_was_typed() -> None:
    desk, approver, case = desk_client(), factories.staff(Role.APPROVER), factories.case()
    page = save(desk, case, "shield", people=[approver.pk], why="As typed")
    assert "Name at least one reader who can prepare the answer." in page
    assert "As typed" in page
    assert f'value="{approver.pk}"' in page.partition("checked")[0]
    assert "Write why." in save(desk, case, "shield", people=[desk.user.pk], why="")
    assert "Write why." in save(desk, case, "parties", why="")


def test_who_shields_a_case_away_from_themselves_is_led_to_the_queue() -> None:
    desk, handler, case = desk_client(), factories.staff(), factories.case()
    page = save(desk, case, "shield", people=[handler.pk])
    assert "Only the readers see the case now." in page
    assert case.reference not in page


def test_a_lacking_approver_is_said() -> None:
    desk, approver, case = desk_client(), factories.staff(Role.APPROVER), factories.case()
    save(desk, case, "shield", people=[desk.user.pk])
    assert "No reader can release what another reader prepares." in panel(desk, case)
    save(desk, case, "shield", people=[desk.user.pk, approver.pk])
    assert "No reader can release" not in panel(desk, case)


def test_a_colleagues_case_is_proposed() -> None:
    desk = desk_client()
    assert "Shield it" in panel(desk, factories.case(email="ola@optimar.no"))
    assert "Shield it" not in panel(desk, factories.case(email="ola@example.com"))


def test_a_party_is_named_on_the_case_and_sees_it_no_more() -> None:
    desk, party, case = desk_client(), desk_client(), factories.case()
    party.read(f"/desk/cases/{case.reference}/")
    save(desk, case, "parties", people=[party.user.pk])
    assert party.get(f"/desk/cases/{case.reference}/").status_code == 404
    offered = panel(desk, case).partition("readers-people")[2].partition("</fieldset>")[0]
    assert f'value="{desk.user.pk}"' in offered
    assert f'value="{party.user.pk}"' not in offered


def test_who_steps_aside_is_led_to_the_queue() -> None:
    desk, case = desk_client(), factories.case()
    factories.staff()
    page = save(desk, case, "parties", people=[desk.user.pk])
    assert "Saved." in page
    assert case.reference not in page


def ask(desk: DeskClient, reference: str, reason: str = URGENT) -> "tuple[int, str]":
    answer = desk.post("/desk/emergency/", {"reference": reference, "reason": reason})
    return answer.status_code, answer.headers.get("Location", text(answer))


@pytest.fixture
def hidden() -> Case:
    handler = factories.staff()
    return shield.shield(factories.case().pk, [handler.pk], WHY, actor=handler.as_actor(), user=handler)


def test_emergency_access_shows_the_case_and_says_so(hidden: Case) -> None:
    desk, watching = desk_client(), desk_client(Role.DECISION_MAKER)
    assert ask(desk, hidden.reference.lower()) == (302, f"/desk/cases/{hidden.reference}/")
    assert "You see this case by emergency access" in panel(desk, hidden)
    assert "Change the readers" not in panel(desk, hidden)
    look = Look.objects.get(case_id=hidden.pk)
    assert look.break_glass == BreakGlass.objects.get().pk
    shield.shield(hidden.pk, [hidden.reader_rows.get().user_id, watching.user.pk], WHY,
                  actor=hidden.reader_rows.get().user.as_actor(), user=hidden.reader_rows.get().user)  # fmt: skip
    assert f"{desk.user.name}. The page of the case. <strong>Emergency access" in watching.read(
        f"/desk/cases/{hidden.reference}/"
    )


def test_the_page_answers_alike_whether_or_not_there_is_a_case(hidden: Case) -> None:
    factories.staff(Role.DECISION_MAKER)
    open_case = factories.case()
    desk = desk_client()
    for reference in (hidden.reference, NOBODYS, open_case.reference):
        assert ask(desk, reference, "short")[0] == 422
        assert ask(desk, reference) == (302, f"/desk/cases/{reference}/")
    assert desk.get(f"/desk/cases/{NOBODYS}/").status_code == 404
    assert BreakGlass.objects.count() == 3


def test_a_slip_of_the_pen_is_kept_and_said() -> None:
    status, page = ask(desk_client(), "DR-2026-000001-99")
    assert status == 422
    assert "This is no reference." in page
    assert URGENT in page
    assert not BreakGlass.objects.exists()


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR, Role.SYSTEM_OWNER])
def test_emergency_access_is_for_those_who_see_cases(role: Role, hidden: Case) -> None:
    desk = desk_client(role)
    assert desk.get("/desk/emergency/").status_code == 403
    assert ask(desk, hidden.reference)[0] == 403
    assert not BreakGlass.objects.exists()


def test_a_search_that_finds_nothing_names_the_page() -> None:
    desk = desk_client()
    answer = desk.post("/desk/search/", {"q": "Nobody at all"}, follow=True)
    assert "/desk/emergency/" in text(answer)
