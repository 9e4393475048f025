"""The approver outside the team: comes in only while too few others are there, and never unseen. And deputies."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from identity.models import User
from identity.services import absence, accounts, staff
from requests_app import selectors
from requests_app.domain.enums import Role
from requests_app.domain.errors import ActionRefused
from requests_app.models import AuditEntry, Message
from requests_app.permissions import Permission, may
from requests_app.services import cover, emergency
from requests_app.services.clock import calendar
from tests import factories
from tests.desk_client import DeskClient, desk_client
from tests.identity.scenes import enrolled

pytestmark = pytest.mark.django_db
EMAIL = "nod@advokat.example"


def outsider() -> User:
    """The emergency approver, by invitation and own login."""
    _, url = staff.invite(EMAIL, [Role.APPROVER], emergency=True)
    return enrolled(staff.accept(url.rpartition("/")[2], name="Nina Nød", password=factories.PASSWORD))


def fresh(user: User) -> User:
    """The account as the next page finds it."""
    return User.objects.get(pk=user.pk)


def away(user: User) -> None:
    """Somebody is away from today on, nobody knows until when."""
    absence.change(user.pk, timezone.localdate(), None, None, actor=user.as_actor())


def refused(code: str, act: object, *args: object, **how: object) -> None:
    """The act is refused with this code."""
    with pytest.raises(ActionRefused) as caught:
        act(*args, **how)  # type: ignore[operator]
    assert caught.value.reason.code == code


def test_they_have_a_role_only_while_fewer_than_two_others_are_there() -> None:
    nina = outsider()
    assert may(fresh(nina), Permission.RELEASE)
    first = factories.staff(Role.APPROVER)
    assert fresh(nina).roles == {Role.APPROVER}
    factories.staff(Role.DECISION_MAKER)
    assert fresh(nina).roles == frozenset()
    away(first)
    assert fresh(nina).roles == {Role.APPROVER}


def test_no_page_opens_to_them_while_others_are_there() -> None:
    case, nina = factories.case(), outsider()
    browser, page = desk_client_of(nina), reverse("requests:desk:case", args=[case.reference])
    assert browser.get(page).status_code == 200
    factories.staff(Role.APPROVER)
    factories.staff(Role.APPROVER)
    assert browser.get(page).status_code == 403


def desk_client_of(user: User) -> DeskClient:
    """The browser of an account that has shown both factors."""
    type(user.second_factor).objects.filter(user=user).delete()
    return DeskClient(fresh(user))


def test_each_act_is_told_and_written_down() -> None:
    case, nina = factories.case(), outsider()
    decides, officer, handler = (factories.staff(role) for role in (Role.DECISION_MAKER, Role.DPO, Role.HANDLER))
    with transaction.atomic():
        emergency.used(case, fresh(nina).as_actor())
    entry = AuditEntry.objects.get(action="emergency.used")
    assert (entry.actor, entry.subject) == (f"user:{nina.pk}", f"case:{case.pk}")
    told = set(Message.objects.filter(key__startswith="emergency:").values_list("to_address", flat=True))
    assert told == {decides.email, officer.email}
    assert handler.email not in told
    factories.staff(Role.APPROVER)
    with transaction.atomic():
        refused("emergency_not_needed", emergency.used, case, fresh(nina).as_actor())


def test_they_count_for_nothing_and_get_nothing() -> None:
    factories.organisation()
    nina = outsider()
    factories.staff(Role.APPROVER)
    found = cover.of(timezone.localdate(), calendar())
    assert found.few == 1
    handler = factories.staff()
    refused("deputy_unfit", absence.change, handler.pk, None, None, nina.pk, actor=handler.as_actor())
    assert nina.pk not in [person.pk for person in selectors.staff_with(*Role)]


def test_there_is_one_and_it_approves_and_nothing_else() -> None:
    refused("emergency_only_approver", staff.invite, EMAIL, [Role.APPROVER, Role.HANDLER], emergency=True)
    nina = outsider()
    refused("emergency_one", staff.invite, "to@advokat.example", [Role.APPROVER], emergency=True)
    refused("emergency_only_approver", accounts.change_roles, nina.pk, [Role.HANDLER], actor=nina.as_actor())
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=factories.staff().pk).update(emergency=True)


def test_an_administrator_names_them_on_the_page_of_the_staff() -> None:
    factories.organisation()
    browser, page = desk_client(Role.ADMINISTRATOR), reverse("identity:staff")
    both = {"email": EMAIL, "roles": ["approver", "handler"], "emergency": "on"}
    assert "and no other" in browser.post(page, both).text
    browser.post(page, {"email": EMAIL, "roles": ["approver"], "emergency": "on"})
    assert "Emergency approver" in browser.read(page)


def test_too_few_who_are_there_today_is_red() -> None:
    factories.organisation()
    day = calendar().working_days_after(timezone.localdate(), 1)
    first, _second = factories.staff(Role.APPROVER), factories.staff(Role.APPROVER)
    assert cover.of(day, calendar()).few is None
    absence.change(first.pk, day, day + timedelta(days=2), None, actor=first.as_actor())
    assert (cover.of(day, calendar()).few, cover.of(day, calendar()).away) == (1, True)


def test_a_deputy_may_do_what_their_own_roles_allow_and_no_more() -> None:
    """Standing in brings the mails: it gives no role, so nobody is raised by an absence."""
    boss, handler = factories.staff(Role.DECISION_MAKER), factories.staff(Role.HANDLER)
    today = timezone.localdate()
    absence.change(boss.pk, today, None, handler.pk, actor=boss.as_actor())
    assert fresh(handler).roles == {Role.HANDLER}
    assert not may(fresh(handler), Permission.RELEASE)
    assert not may(fresh(handler), Permission.EXTEND)
    assert fresh(handler).as_actor().roles == {Role.HANDLER}
