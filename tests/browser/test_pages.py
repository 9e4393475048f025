"""Every page in every state, in both languages, light and dark, wide and narrow, for everybody."""

import pytest

from . import stops_access, stops_desk, stops_errors, stops_portal, stops_rights
from .looking import is_accessible, is_shut, is_well_formed, names_nobody
from .stops import Stop
from .visit import Visitors

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

STOPS = (*stops_portal.STOPS, *stops_desk.STOPS, *stops_rights.STOPS, *stops_access.STOPS, *stops_errors.STOPS)


@pytest.mark.parametrize("stop", STOPS, ids=lambda stop: stop.name)
@pytest.mark.parametrize("language", ["nb", "en"])
def test_page(stop: Stop, language: str, visitors: Visitors) -> None:
    visit = visitors.staff(stop.who, language) if stop.who else visitors.nobody(language)
    stop.go(visit)
    page, watch = visit.page, visit.watch
    page.wait_for_load_state()
    response = watch.document(page.url)
    wrong = [] if response.status == stop.status else [f"the status is {response.status}"]
    wrong += is_well_formed(page, language)
    wrong += names_nobody(page, visit.trial.places["names"])
    wrong += is_shut(response)
    wrong += is_accessible(page, language)
    wrong += [f"asked elsewhere: {url}" for url in watch.strangers]
    wrong += watch.complaints
    assert not wrong, f"{page.url}\n" + "\n".join(wrong)
