"""The decision-maker names the approver outside the team, who alone gets the link; nobody names themselves."""

import pytest
from django.test import Client
from django.urls import reverse

from identity.models import StaffInvitation, User
from identity.services import emergency_approver, staff
from requests_app.domain.enums import Role
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import SYSTEM
from requests_app.models import AuditEntry, Message
from tests import factories
from tests.desk_client import DeskClient, desk_client, text
from tests.identity.scenes import revealed

pytestmark = pytest.mark.django_db
EMAIL = "nod@advokat.example"
PAGE = "/desk/emergency-approver/"


@pytest.fixture
def decider() -> DeskClient:
    """The decision-maker."""
    factories.organisation()
    return desk_client(Role.DECISION_MAKER)


def link() -> str:
    """The path of the link in the mail."""
    mail = Message.objects.get(key__startswith="emergency-named:")
    assert mail.to_address == EMAIL
    return revealed(mail)["invitation_link"]


def test_the_decision_maker_names_them_and_never_sees_the_link(decider: DeskClient) -> None:
    assert f'href="{PAGE}"' in decider.read("/desk/")  # the menu leads there
    shown = text(decider.post(PAGE, {"email": EMAIL}, follow=True))
    assert "Named. The link is on its way to them, and to nobody else." in shown
    path = link()
    token = path.rpartition("/")[2]
    assert token not in shown + decider.read(PAGE)
    assert token not in str(Message.objects.values()) + str(StaffInvitation.objects.values())
    entry = AuditEntry.objects.get(action="staff.invited")
    assert (entry.actor, entry.details["emergency"]) == (f"user:{decider.user.pk}", True)
    assert "has made no account yet" in decider.read(PAGE)
    given = {"name": "Nina Nød", "password": "en-lang-setning-om-fjell-92", "again": "en-lang-setning-om-fjell-92"}
    assert Client().post(path, given).status_code == 302
    nina = User.objects.get(email=EMAIL)
    assert nina.emergency
    assert {row.role for row in nina.role_rows.all()} == {Role.APPROVER}
    assert "Nina Nød" in decider.read(PAGE)


def test_others_hear_of_it_and_not_whoever_named_them(decider: DeskClient) -> None:
    hear = [factories.staff(role) for role in (Role.ADMINISTRATOR, Role.DECISION_MAKER, Role.DPO)]
    factories.staff(Role.HANDLER)
    decider.post(PAGE, {"email": EMAIL})
    told = Message.objects.filter(key__startswith="emergency-chosen:")
    assert sorted(told.values_list("to_address", flat=True)) == sorted(one.email for one in hear)
    assert not told.filter(body__contains=EMAIL).exists()


def test_an_administrator_does_not_choose_unseen_either() -> None:
    factories.organisation()
    decides, chooses = factories.staff(Role.DECISION_MAKER), factories.staff(Role.ADMINISTRATOR)
    staff.invite(EMAIL, [Role.APPROVER], emergency=True, actor=chooses.as_actor())
    assert Message.objects.get(key__startswith="emergency-chosen:").to_address == decides.email


@pytest.mark.parametrize("spelled", ["{}", "{}+n@{}", "{}+N@{}"])
def test_nobody_names_themselves(decider: DeskClient, spelled: str) -> None:
    local, _, domain = decider.user.email.partition("@")
    own = decider.user.email.upper() if spelled == "{}" else spelled.format(local, domain)
    answer = decider.post(PAGE, {"email": own})
    assert answer.status_code == 422
    assert "Nobody names themselves." in text(answer)
    assert not StaffInvitation.objects.exists()
    with pytest.raises(ActionRefused, match="staff_only"):  # somebody answers for it
        emergency_approver.name(EMAIL, actor=SYSTEM)


def test_a_colleague_is_not_outside_the_team(decider: DeskClient) -> None:
    answer = decider.post(PAGE, {"email": factories.staff(Role.HANDLER).email})
    assert answer.status_code == 422
    assert not StaffInvitation.objects.exists()
    assert not Message.objects.exists()


@pytest.mark.parametrize("address", ["info@optimar.no", "Info+nod@optimar.no"])
def test_a_mailbox_that_the_team_reads_is_nobodys(decider: DeskClient, address: str) -> None:
    """The link would arrive in the inbox of the desk, for whoever wants to be the second person, too."""
    answer = decider.post(PAGE, {"email": address})
    assert answer.status_code == 422
    assert "Many read this mailbox of ours." in text(answer)
    assert not StaffInvitation.objects.exists()
    assert not Message.objects.exists()


def test_there_is_one_and_the_link_can_be_taken_back(decider: DeskClient) -> None:
    decider.post(PAGE, {"email": EMAIL})
    path = link()
    answer = decider.post(PAGE, {"email": "to@advokat.example"})
    assert "There is an emergency approver already." in text(answer)
    decider.post(reverse("identity:emergency-approver-back"))
    assert Client().get(path).status_code == 410
    assert AuditEntry.objects.filter(action="staff.invitation_withdrawn").exists()
    assert decider.post(PAGE, {"email": "to@advokat.example"}).status_code == 302


def test_what_is_no_address_comes_back(decider: DeskClient) -> None:
    answer = decider.post(PAGE, {"email": "nina"})
    assert answer.status_code == 422
    assert 'value="nina"' in text(answer)


def test_the_decision_maker_names_nobody_else_and_others_name_nobody(decider: DeskClient) -> None:
    assert decider.get(reverse("identity:staff")).status_code == 403
    for role in Role:
        if role is not Role.DECISION_MAKER:
            assert desk_client(role).post(PAGE, {"email": EMAIL}).status_code == 403
    assert not StaffInvitation.objects.exists()
