"""Sessions on the account page and on that of the staff."""

import pytest

from identity.models import StaffSession, User
from requests_app.domain.enums import Role
from tests import factories
from tests.desk_client import DeskClient, desk_client

pytestmark = pytest.mark.django_db

ACCOUNT = "/desk/account/"
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"


@pytest.fixture(autouse=True)
def _organisation() -> None:
    factories.organisation()


def another(browser: DeskClient) -> DeskClient:
    """Return a second browser of the same person."""
    other = DeskClient.__new__(DeskClient)
    super(DeskClient, other).__init__()
    other.user = browser.user
    other.force_login(User.objects.get(pk=browser.user.pk), backend="django.contrib.auth.backends.ModelBackend")
    session = other.session
    session["otp_device_id"] = browser.session["otp_device_id"]
    session.save()
    other.get(ACCOUNT, headers={"user-agent": CHROME})
    return other


def test_ones_own_sessions_are_listed_and_this_one_is_marked() -> None:
    here = desk_client()
    there = another(here)
    desk_client(name="Somebody Else")
    page = here.read(ACCOUNT)
    assert page.count("this browser") == 1
    assert page.count("/desk/account/sessions/") == 2  # the other one, and all others
    assert "Chrome, Linux" in page
    assert "Chrome, Linux</strong> <span class" not in page
    assert there.get(ACCOUNT).status_code == 200


def test_ending_another_one() -> None:
    here = desk_client()
    there = another(here)
    row = StaffSession.objects.get(browser="Chrome, Linux")
    for _ in range(2):
        assert here.post(f"{ACCOUNT}sessions/{row.pk}/end/")["Location"] == ACCOUNT
    assert there.get(ACCOUNT)["Location"].startswith("/desk/login/?ended=ended")
    assert here.get(ACCOUNT).status_code == 200


def test_ending_all_others() -> None:
    here = desk_client()
    others = [another(here), another(here)]
    here.post(f"{ACCOUNT}sessions/end-others/")
    assert here.get(ACCOUNT).status_code == 200
    assert {other.get(ACCOUNT).status_code for other in others} == {302}
    assert "end-others" not in here.read(ACCOUNT)


def test_nobody_ends_a_session_of_somebody_else_on_their_own_page() -> None:
    here, foreign = desk_client(), desk_client()
    here.post(f"{ACCOUNT}sessions/{StaffSession.objects.get(user=foreign.user).pk}/end/")
    assert foreign.get(ACCOUNT).status_code == 200


def test_an_administrator_ends_all_sessions_of_an_account() -> None:
    administrator, person = desk_client(Role.ADMINISTRATOR), desk_client()
    url = f"/desk/staff/{person.user.pk}/"
    assert "End all sessions" in administrator.read(url)
    assert administrator.get(f"{url}sessions/end/").status_code == 405
    assert person.post(f"{url}sessions/end/").status_code == 403
    assert person.get(ACCOUNT).status_code == 200
    administrator.post(f"{url}sessions/end/")
    assert person.get(ACCOUNT)["Location"].startswith("/desk/login/?ended=ended")
    assert "End all sessions" not in administrator.read(url)
