"""Every address of the desk that names a case, in every app: who looks is kept, and what is hidden is not there."""

from datetime import timedelta

import pytest

from requests_app.domain.enums import Role
from requests_app.models import Look
from requests_app.services import looks
from tests import factories
from tests.desk_client import desk_client
from tests.shielding import addresses, scene

ALL = (Role.DECISION_MAKER, Role.ADMINISTRATOR, Role.HANDLER)

pytestmark = pytest.mark.usefixtures("house")


def test_every_address_of_the_desk_that_names_a_case_is_known_to_the_gate() -> None:
    unknown = [address.route for address in addresses(scene(factories.staff())) if not address.url]
    assert unknown == []


def test_every_page_that_shows_something_of_a_case_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looks, "AGAIN", timedelta())  # so that each page has to write
    desk = desk_client(*ALL)
    place, shown, unkept = scene(desk.user), set(), []
    for address in addresses(place):
        before = Look.objects.count()
        if desk.get(address.url).status_code == 200:
            shown.add(address.name)
            new = Look.objects.order_by("pk")[before:]
            if [(look.case_id, look.user_id) for look in new] != [(place.case.pk, desk.user.pk)]:
                unkept.append(address.name)
    assert unkept == []
    assert shown >= {
        "requests:desk:case", "requests:desk:inquiry", "requests:desk:raw", "requests:desk:attachment",
        "exports:desk:task", "exports:desk:erasure", "exports:desk:erasure-line",
    }  # fmt: skip
