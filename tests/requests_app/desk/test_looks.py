"""Every opening of content of a case is kept, whatever page it is on, and told to those who watch over it."""

import pytest
from pytest_django import Settings

from requests_app.domain.enums import Role
from requests_app.models import Look
from tests import factories
from tests.desk_client import DeskClient, desk_client, text
from tests.shielding import MARKER, scene

ALL = (Role.DECISION_MAKER, Role.ADMINISTRATOR, Role.HANDLER)


@pytest.mark.parametrize("page,what", [("inquiry", "inquiry"), ("raw", "original")])
def test_an_unsorted_inquiry_is_content_too(page: str, what: str) -> None:
    desk, row = desk_client(Role.INTAKE), factories.inquiry()
    desk.get(f"/desk/inbox/{row.pk}/{'' if page == 'inquiry' else 'raw/'}")
    look = Look.objects.get()
    assert (look.what, look.inquiry_id, look.case_id, look.user_id) == (what, row.pk, None, desk.user.pk)


def test_a_page_that_is_refused_is_no_look() -> None:
    case = factories.case()
    assert desk_client(Role.ADMINISTRATOR).get(f"/desk/cases/{case.reference}/").status_code == 403
    assert desk_client(Role.HANDLER).get(f"/desk/cases/{case.reference}/note/").status_code == 405
    assert not Look.objects.exists()


def test_a_list_is_no_look() -> None:
    factories.case()
    desk = desk_client(Role.DECISION_MAKER)
    desk.read("/desk/")
    desk.read("/desk/inbox/")
    assert not Look.objects.exists()


def test_a_form_that_comes_back_with_the_case_is_a_look() -> None:
    desk, case = desk_client(Role.HANDLER), factories.case()
    response = desk.post(f"/desk/cases/{case.reference}/note/", {"text": "", "version": case.version})
    assert response.status_code == 422
    assert Look.objects.get().what == "case"


def test_a_look_holds_nothing_of_the_person() -> None:
    desk = desk_client(*ALL)
    place = scene(desk.user)
    desk.read(f"/desk/cases/{place.case.reference}/")
    assert MARKER not in str(Look.objects.values())


@pytest.mark.parametrize("role,sees", [(Role.DECISION_MAKER, True), (Role.DPO, True), (Role.HANDLER, False)])
def test_who_looked_stands_on_the_case_for_those_who_watch(role: Role, sees: bool, settings: Settings) -> None:
    settings.CASE_SIDE_PANELS = ("requests_app.desk.looks_panel.panel",)
    case = factories.case()
    curious: DeskClient = desk_client(Role.HANDLER, name="Nysgjerrig Per")
    curious.read(f"/desk/cases/{case.reference}/")
    page = text(desk_client(role).get(f"/desk/cases/{case.reference}/"))
    panel = page.partition('id="looks"')[2]
    assert ("Nysgjerrig Per. The page of the case" in panel) is sees
