"""Recovery codes: ten, each once, told to their owner, and worthless without the keys."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from identity.domain.backoff import SECOND_FACTOR
from identity.models import RecoveryCode, RecoveryCodes
from identity.services import accounts, recovery, second_factor, staff
from requests_app.domain.enums import Role
from requests_app.domain.snapshot import SYSTEM
from requests_app.models import AuditEntry, Message, OutboxEvent
from tests import factories
from tests.identity import scenes
from tests.identity.together import together

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
ACTION = "staff.logged_in"


@pytest.fixture(autouse=True)
def _organisation() -> None:
    factories.organisation()


def test_ten_different_ones_and_none_in_the_database() -> None:
    codes = recovery.make(user := factories.staff())
    assert len(set(codes)) == recovery.NUMBER == 10
    assert recovery.remaining(user) == 10
    kept = " ".join(RecoveryCode.objects.values_list("digest", flat=True))
    for code in codes:
        assert len(code.replace("-", "")) >= 10
        assert code not in kept
        assert code.replace("-", "") not in kept


def test_each_works_once() -> None:
    user = factories.staff()
    first, second, *_ = recovery.make(user)
    check = recovery.check(user, first, action=ACTION)
    assert check.right
    assert check.device == RecoveryCodes.objects.get(user=user)
    assert not recovery.check(user, first, action=ACTION).right
    assert recovery.remaining(user) == 9
    as_read = second.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert recovery.check(user, f" {as_read} ", action=ACTION).right


def test_it_is_audited_and_told_to_the_owner() -> None:
    user = factories.staff()
    accounts.choose_language(user, "en")
    user.refresh_from_db()
    code = recovery.make(user)[0]
    recovery.check(user, code, action=ACTION)
    entries = list(AuditEntry.objects.filter(subject=f"user:{user.pk}"))
    assert [one.action for one in entries] == ["staff.recovery_codes_made", "staff.recovery_code_used", ACTION]
    assert entries[1].details == {"left": 9}
    mail = Message.objects.get(key__startswith="recovery-code:")
    assert mail.to_address == user.email
    assert "You have 9 left" in mail.body
    assert code not in mail.body
    assert OutboxEvent.objects.filter(name="MessageQueued").exists()


def test_nobody_uses_those_of_another_person() -> None:
    user, other = factories.staff(), factories.staff()
    recovery.make(user)
    assert not recovery.check(user, recovery.make(other)[0], action=ACTION).right
    assert (recovery.remaining(user), recovery.remaining(other)) == (10, 10)


def test_new_ones_make_the_old_ones_worthless_and_end_no_session() -> None:
    user = factories.staff()
    old = recovery.make(user)[0]
    row = RecoveryCodes.objects.get(user=user)
    new = recovery.make(user)[0]
    assert not recovery.check(user, old, action=ACTION).right
    assert recovery.check(user, new, action=ACTION).right
    assert RecoveryCodes.objects.get(user=user) == row


@time_machine.travel(NOW, tick=False)
def test_guessing_becomes_slow_together_with_the_app() -> None:
    user = factories.staff()
    right = recovery.make(user)[0]
    for given in ("", "0000-0000-0000", "x" * 40, "æ", "\0")[: SECOND_FACTOR.free]:
        assert not recovery.check(user, given, action=ACTION).right
    assert recovery.check(user, right, action=ACTION).wait == timedelta(seconds=1)
    assert second_factor.check(user, "000000").wait == timedelta(seconds=1)


@pytest.mark.django_db(transaction=True)
def test_the_same_one_at_the_same_time_works_once() -> None:
    factories.organisation()
    user = factories.staff()
    code = recovery.make(user)[0]
    checks = together(4, lambda: recovery.check(user, code, action=ACTION))
    assert [check.right for check in checks].count(True) == 1


def test_closing_an_account_or_renewing_its_way_in_takes_every_factor() -> None:
    factories.staff(Role.ADMINISTRATOR)
    for take in (lambda pk: accounts.deactivate(pk, actor=SYSTEM), lambda pk: staff.renew(pk, actor=SYSTEM)):
        user = scenes.enrolled(factories.staff())
        code = recovery.make(user)[0]
        take(user.pk)
        user.refresh_from_db()
        assert second_factor.of(user) is None
        assert recovery.remaining(user) == 0
        assert not user.has_usable_password()
        assert not recovery.check(user, code, action=ACTION).right
