"""Somebody leaves: every way in ends, and the cases get another handler, in one transaction."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from identity.domain.enums import ApiScope
from identity.models import ApiToken, SecondFactor, StaffInvitation, User
from identity.services import absence, accounts, api_tokens, leaving, login, staff, staff_sessions
from requests_app import audit
from requests_app.domain.enums import Role
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import SYSTEM
from requests_app.models import AuditEntry, Case, CaseReader, OutboxEvent
from requests_app.services import break_glass, notes, shield
from tests import factories
from tests.faults.waiting import eventually
from tests.identity import scenes
from tests.identity.services.test_staff_sessions import begun
from tests.identity.together import at_once, somebody_waits, together

pytestmark = pytest.mark.django_db


def case_of(user: User) -> Case:
    return notes.assign(factories.case().pk, user.pk, actor=SYSTEM)


def assignee(case: Case) -> int | None:
    return Case.objects.values_list("assignee", flat=True).get(pk=case.pk)


def actions() -> list[str]:
    return list(AuditEntry.objects.order_by("number").values_list("action", flat=True))


@pytest.fixture
def leaver() -> User:
    """Somebody who has something of everything."""
    user = scenes.enrolled(factories.staff(Role.HANDLER, Role.ADMINISTRATOR, name="Ola Lie"))
    factories.staff(Role.ADMINISTRATOR)
    begun(user)
    for name in ("website", "shop"):
        api_tokens.issue(name, [ApiScope.CASES_READ], actor=user.as_actor())
    staff.invite("friend@optimar.example", [Role.ADMINISTRATOR], actor=user.as_actor())
    away = factories.staff(name="Kari Berg")
    absence.change(away.pk, timezone.localdate(), None, user.pk, actor=away.as_actor())
    return user


def test_every_way_in_ends(leaver: User) -> None:
    accounts.deactivate(leaver.pk, actor=SYSTEM)
    assert staff_sessions.open_of(leaver) == []
    assert not SecondFactor.objects.filter(user=leaver).exists()
    assert not ApiToken.objects.filter(revoked_at__isnull=True).exists()
    assert not StaffInvitation.objects.exists()
    assert not User.objects.filter(deputy=leaver).exists()
    accounts.reactivate(leaver.pk, actor=SYSTEM)
    assert login.attempt(leaver.email, factories.PASSWORD, network="192.0.2.0/24").user is None


def test_whoever_comes_back_reads_no_shielded_case_until_named_anew(leaver: User) -> None:
    reads, other = factories.case(), factories.case()
    for case, who in ((reads, leaver), (other, factories.staff())):
        shield.shield(case.pk, [who.pk], "x", actor=who.as_actor(), user=who)
    break_glass.ask(other.reference, "The answer is due today, and nobody is here", user=leaver)
    assert Case.objects.visible_to(leaver).count() == 2
    accounts.deactivate(leaver.pk, actor=SYSTEM)
    accounts.reactivate(leaver.pk, actor=SYSTEM)
    assert not Case.objects.visible_to(leaver).exists()
    entry = AuditEntry.objects.get(action="case.readers_changed")
    assert (entry.subject, entry.details["removed"]) == (f"case:{reads.pk}", [str(leaver.pk)])


def test_what_the_page_shows_is_what_ends(leaver: User) -> None:
    case, closed = case_of(leaver), case_of(leaver)
    factories.close(closed)
    staff.invite("somebody@optimar.example", [Role.HANDLER])
    left = leaving.belongings(leaver)
    assert (len(left.sessions), left.second_factor) == (1, True)
    assert [token.name for token in left.tokens] == ["website", "shop"]
    assert [row.email for row in left.invitations] == ["friend@optimar.example"]
    assert [user.name for user in left.stands_in_for] == ["Kari Berg"]
    assert left.cases == [case]
    accounts.deactivate(leaver.pk, actor=SYSTEM)
    assert leaving.belongings(User.objects.get(pk=leaver.pk)) == leaving.Belongings([], False, [], [], [], [], [])
    assert assignee(closed) == leaver.pk  # who had it is history
    assert StaffInvitation.objects.get().email == "somebody@optimar.example"


def test_cases_go_to_the_new_handler_who_is_told_of_each(leaver: User) -> None:
    heir, cases = factories.staff(), [case_of(leaver), case_of(leaver)]
    other = case_of(factories.staff())
    OutboxEvent.objects.all().delete()
    accounts.deactivate(leaver.pk, actor=SYSTEM, handover=leaving.Handover(heir.pk))
    assert {assignee(case) for case in cases} == {heir.pk}
    assert assignee(other) not in (heir.pk, None)
    told = OutboxEvent.objects.filter(name="CaseAssigned").values_list("payload", flat=True)
    assert sorted(one["case_id"] for one in told) == [case.pk for case in cases]
    entry = AuditEntry.objects.get(action="staff.deactivated")
    assert (entry.subject, entry.details) == (f"user:{leaver.pk}", {"sessions": 1, "cases": 2})


def test_without_a_new_handler_they_wait_in_the_queue(leaver: User) -> None:
    case = case_of(leaver)
    accounts.deactivate(leaver.pk, actor=SYSTEM)
    assert assignee(case) is None


@pytest.mark.parametrize("who", ["nobody", "oneself", "closed", "sees no cases"])
def test_who_may_have_no_cases_gets_none_and_nothing_is_done(leaver: User, who: str) -> None:
    case = case_of(leaver)
    number = {
        "nobody": 999_999,
        "oneself": leaver.pk,
        "closed": factories.staff(active=False).pk,
        "sees no cases": factories.staff(Role.ADMINISTRATOR).pk,
    }[who]
    before = actions()
    with pytest.raises(ActionRefused, match="assignee_unfit"):
        accounts.deactivate(leaver.pk, actor=SYSTEM, handover=leaving.Handover(number))
    assert User.objects.get(pk=leaver.pk).is_active
    assert assignee(case) == leaver.pk
    assert (len(staff_sessions.open_of(leaver)), actions()) == (1, before)


def test_a_token_stays_for_a_reason_only(leaver: User) -> None:
    kept, gone = ApiToken.objects.order_by("pk")
    handover = leaving.Handover(tokens_kept={kept.pk: " The website sends its form with it ", gone.pk: "  "})
    accounts.deactivate(leaver.pk, actor=SYSTEM, handover=handover)
    kept.refresh_from_db()
    gone.refresh_from_db()
    assert (kept.revoked_at, kept.kept_because) == (None, "The website sends its form with it")
    assert gone.revoked_at is not None
    assert "website sends" not in str(list(AuditEntry.objects.values_list("details", flat=True)))
    assert {"api_token.kept", "api_token.revoked"} <= set(actions())


def test_the_last_administrator_keeps_everything() -> None:
    last = scenes.enrolled(factories.staff(Role.ADMINISTRATOR, Role.HANDLER))
    begun(last)
    case = case_of(last)
    with pytest.raises(ActionRefused, match="last_administrator"):
        accounts.deactivate(last.pk, actor=SYSTEM)
    assert (assignee(case), len(staff_sessions.open_of(last))) == (last.pk, 1)


@pytest.mark.django_db(transaction=True)
def test_pressed_twice_at_once_it_happens_once(leaver: User) -> None:
    heir = factories.staff()
    case_of(leaver)
    together(3, lambda: accounts.deactivate(leaver.pk, actor=SYSTEM, handover=leaving.Handover(heir.pk)))
    counted = actions()
    assert counted.count("staff.deactivated") == 1
    assert counted.count("case.assigned") == 2  # to the one who left, and from them
    assert OutboxEvent.objects.filter(name="CaseAssigned", payload__user_id=heir.pk).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_case_given_to_them_at_the_same_moment_does_not_stay_with_them() -> None:
    factories.staff(Role.ADMINISTRATOR)
    heir = factories.staff()
    for _round in range(12):
        leaver = factories.staff()
        cases = [case_of(leaver), factories.case()]

        def give(user: User = leaver, case: Case = cases[1]) -> object:
            try:
                return notes.assign(case.pk, user.pk, actor=SYSTEM)
            except ActionRefused as refused:
                return refused.reason.code

        def leave(user: User = leaver) -> object:
            return accounts.deactivate(user.pk, actor=SYSTEM, handover=leaving.Handover(heir.pk))

        at_once(give, leave)
        assert {assignee(case) for case in cases} <= {heir.pk, None}
        assert assignee(cases[0]) == heir.pk


@pytest.mark.django_db(transaction=True)
def test_two_who_hand_over_to_each_other_do_not_both_go() -> None:
    factories.staff(Role.ADMINISTRATOR)
    for _round in range(6):
        first, second = factories.staff(), factories.staff()
        case_of(first)
        case_of(second)

        def leave(user: User, heir: User) -> bool:
            try:
                accounts.deactivate(user.pk, actor=SYSTEM, handover=leaving.Handover(heir.pk))
            except ActionRefused:
                return False
            return True

        gone = at_once(lambda a=first, b=second: leave(a, b), lambda a=first, b=second: leave(b, a))  # type: ignore[misc]
        assert gone.count(True) == 1
        assert not Case.objects.open().filter(assignee__is_active=False).exists()


@pytest.mark.django_db(transaction=True)
def test_a_reader_who_is_changed_while_they_leave_holds_nobody_up(leaver: User) -> None:
    """Rows come before the head of the audit, or each of the two would wait for what the other one has."""
    case = shield.shield(factories.case().pk, [leaver.pk], "x", actor=leaver.as_actor(), user=leaver)
    case_of(leaver)  # which the audit tells of before it comes to what they read

    def leave() -> None:
        try:
            accounts.deactivate(leaver.pk, actor=SYSTEM)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            CaseReader.objects.filter(case=case).delete()  # as `shield.shield` does, which then tells the audit
            left = pool.submit(leave) if connection.vendor == "postgresql" else None
            if left:
                eventually(somebody_waits, "a transaction that needs what this one has locked")
            audit.record("case.readers_changed", f"case:{case.pk}", SYSTEM)
        left.result() if left else accounts.deactivate(leaver.pk, actor=SYSTEM)
    assert not User.objects.get(pk=leaver.pk).is_active


def test_links_that_ran_out_are_not_shown(leaver: User) -> None:
    StaffInvitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert leaving.belongings(leaver).invitations == []
