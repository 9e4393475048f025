"""Delivery: told once and neutrally, fetched five times at most, by nobody else, and closed in time."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from time_machine import travel

from exports import vault
from exports.models import Bundle, BundleFile, Download
from exports.services import decide, deliver
from identity.domain.enums import ContactChannel, DoubtReason
from identity.models import User
from identity.services import contact_points, delivery, verify
from requests_app.domain.enums import Action, Intent, Right, Role, Stage
from requests_app.domain.errors import ActionRefused
from requests_app.models import AuditEntry, Case, DataSubjectRequest, Message
from requests_app.services import lifecycle
from tests import factories
from tests.exports import scenes
from tests.exports.house import House, everything_logged, planned
from tests.identity.scenes import link_token
from tests.identity.together import together


@pytest.fixture
def approver(house: House) -> User:
    """Somebody who releases."""
    return factories.staff(Role.APPROVER)


def refused(act: Callable[[], object]) -> str:
    """The code with which an act is refused."""
    with pytest.raises(ActionRefused) as caught:
        act()
    return caught.value.reason.code


def letter(dsr: DataSubjectRequest) -> BundleFile:
    """The letter of the newest package."""
    return scenes.current(dsr).files.get(media_type="application/pdf")


def release(dsr: DataSubjectRequest, approver: User) -> None:
    """Release what lies there; nobody is told yet."""
    decide.release(dsr.pk, actor=approver.as_actor(), bundle=scenes.current(dsr).uuid)


def notices(dsr: DataSubjectRequest) -> list[Message]:
    """The mails that say an answer is ready."""
    return list(Message.objects.filter(case=dsr.case, intent=Intent.ANSWER_READY.value).order_by("id"))


def test_the_person_is_told_once_without_a_word_of_what_it_is_about(approver: User) -> None:
    dsr = scenes.in_review(factories.staff())
    assert deliver.offered(dsr.case) == []
    release(dsr, approver)
    for _ in range(3):
        deliver.announce(dsr.pk)
    (mail,) = notices(dsr)
    assert mail.subject == f"Svaret ditt er klart ({dsr.case.reference})"
    assert mail.to_address == dsr.case.person_email
    assert "{{secret:link}}" in mail.body
    told = f"{mail.subject} {mail.body}".lower()
    for word in ("innsyn", "personopplysning", "optimar.no med", "hubspot", "nettsted", "artikkel"):
        assert word not in told
    for personal in (dsr.case.person_name, dsr.case.person_name.split()[0], dsr.case.person_email):
        assert personal
        assert personal.lower() not in told


def test_an_answer_is_there_for_fourteen_days(approver: User) -> None:
    with travel(datetime(2026, 6, 1, 10, tzinfo=UTC), tick=False):
        dsr = scenes.released(approver=approver)
        kept = scenes.current(dsr)
    assert kept.expires_at == datetime(2026, 6, 15, 10, tzinfo=UTC)
    file = letter(dsr)
    with travel(datetime(2026, 6, 15, 9, 59, tzinfo=UTC), tick=False):
        assert deliver.fetch(dsr.case, file.pk).content == scenes.PDF
    with travel(datetime(2026, 6, 15, 10, tzinfo=UTC), tick=False):
        assert refused(lambda: deliver.fetch(dsr.case, file.pk)) == "delivery_over"


def test_the_link_lasts_as_long_as_the_answer(approver: User) -> None:
    dsr = scenes.in_review(factories.staff())
    Case.objects.filter(pk=dsr.case_id).update(link_expires_at=timezone.now())
    release(dsr, approver)
    deliver.announce(dsr.pk)
    assert Case.objects.get(pk=dsr.case_id).link_expires_at == scenes.current(dsr).expires_at


def test_a_request_that_was_reopened_before_it_was_announced_stays_silent(approver: User) -> None:
    dsr = scenes.in_review(factories.staff())
    release(dsr, approver)
    handler = factories.staff()
    lifecycle.advance(dsr.pk, Action.REOPEN, handler.as_actor(), note="Feil")
    deliver.announce(dsr.pk)
    assert notices(dsr) == []
    assert deliver.offered(dsr.case) == []


def test_each_file_can_be_fetched_five_times(approver: User) -> None:
    dsr = scenes.released(approver=approver)
    file = letter(dsr)
    for number in range(1, 6):
        deliver.fetch(dsr.case, file.pk)
        assert [row.number for row in Download.objects.filter(file=file).order_by("number")] == [*range(1, number + 1)]
    assert refused(lambda: deliver.fetch(dsr.case, file.pk)) == "delivery_used_up"
    table = scenes.current(dsr).files.get(media_type="text/csv")
    assert deliver.fetch(dsr.case, table.pk).content == scenes.TABLE.content
    assert AuditEntry.objects.filter(action="answer.fetched", subject=f"dsr:{dsr.pk}").count() == 6
    assert {one.file.pk: one.left for one in deliver.files_of(scenes.current(dsr))} == {file.pk: 0, table.pk: 4}


@pytest.mark.django_db(transaction=True)
def test_parallel_clicks_never_make_more_than_five(house: House) -> None:
    dsr = scenes.released()
    file = letter(dsr)

    def fetch() -> bool:
        try:
            deliver.fetch(dsr.case, file.pk)
        except ActionRefused:
            return False
        return True

    assert together(12, fetch).count(True) == 5
    assert sorted(Download.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5]


def test_nobody_fetches_a_file_of_another_case(approver: User) -> None:
    dsr = scenes.released(approver=approver)
    stranger = factories.case(email="other@example.com")
    with pytest.raises(BundleFile.DoesNotExist):
        deliver.fetch(stranger, letter(dsr).pk)
    assert not Download.objects.exists()


def test_a_draft_cannot_be_fetched_by_its_number(approver: User) -> None:
    dsr = scenes.in_review(factories.staff())
    with pytest.raises(BundleFile.DoesNotExist):
        deliver.fetch(dsr.case, letter(dsr).pk)


def test_a_file_moved_under_another_case_does_not_open(approver: User) -> None:
    dsr = scenes.released(approver=approver)
    file, other = letter(dsr), planned("other@example.com")
    vault.store(file.stored_as, scenes.PDF, binding=vault.binding_of(other.case))
    assert refused(lambda: deliver.fetch(dsr.case, file.pk)) == "delivery_unreadable"
    assert not Download.objects.exists()


def test_a_file_that_is_not_what_was_released_is_kept_back(approver: User) -> None:
    dsr = scenes.released(approver=approver)
    file = letter(dsr)
    vault.store(file.stored_as, b"%PDF-1.7 another", binding=vault.binding_of(dsr.case))
    assert refused(lambda: deliver.fetch(dsr.case, file.pk)) == "delivery_unreadable"
    assert refused(lambda: deliver.offer_again(dsr.pk, actor=approver.as_actor())) == "delivery_unreadable"
    assert not Download.objects.exists()


def test_the_database_itself_opens_nothing_that_two_persons_have_not_released(approver: User) -> None:
    dsr = scenes.in_review(factories.staff())
    kept, now = scenes.current(dsr), timezone.now()
    opened = {"released_at": now, "expires_at": now + deliver.AVAILABLE}
    with pytest.raises(IntegrityError), transaction.atomic():
        Bundle.objects.filter(pk=kept.pk).update(**opened)
    with pytest.raises(IntegrityError), transaction.atomic():
        Bundle.objects.create(dsr=dsr, created_at=now, input_sha256="0" * 64, current=False, **opened)
    assert deliver.offered(dsr.case) == []
    release(dsr, approver)
    deliver.announce(dsr.pk)
    assert deliver.offered(dsr.case) == [kept]


def test_an_answer_of_a_request_that_is_worked_on_again_can_be_ended_but_not_prolonged(approver: User) -> None:
    dsr = scenes.released(approver=approver)
    kept = scenes.current(dsr)
    lifecycle.advance(dsr.pk, Action.REOPEN, factories.staff().as_actor(), note="Nytt")
    assert kept.expires_at is not None
    later = kept.expires_at + timedelta(days=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Bundle.objects.filter(pk=kept.pk).update(expires_at=later)
    with pytest.raises(IntegrityError), transaction.atomic():
        Bundle.objects.filter(pk=kept.pk).update(dsr=planned("other@example.com"))
    deliver.withdraw(dsr.pk, actor=approver.as_actor())
    assert deliver.offered(dsr.case) == [kept]
    assert refused(lambda: deliver.fetch(dsr.case, letter(dsr).pk)) == "delivery_over"


def test_an_answer_can_be_closed_at_once(approver: User) -> None:
    dsr = scenes.released(approver=approver)
    deliver.withdraw(dsr.pk, actor=approver.as_actor())
    assert refused(lambda: deliver.fetch(dsr.case, letter(dsr).pk)) == "delivery_over"
    assert refused(lambda: deliver.withdraw(dsr.pk, actor=approver.as_actor())) == "delivery_over"
    assert AuditEntry.objects.get(action="answer.withdrawn").actor == f"user:{approver.pk}"


def test_an_answer_that_is_over_can_be_offered_again_and_the_old_downloads_stay_on_record(approver: User) -> None:
    dsr = scenes.released(approver=approver)
    first = letter(dsr)
    for _ in range(5):
        deliver.fetch(dsr.case, first.pk)
    scenes.expire(scenes.current(dsr))
    again = deliver.offer_again(dsr.pk, actor=approver.as_actor(), bundle=first.bundle.uuid)
    assert deliver.offer_again(dsr.pk, actor=approver.as_actor(), bundle=first.bundle.uuid) == again  # pressed twice
    second = letter(dsr)
    assert (second.bundle, second.sha256, second.pk == first.pk) == (again, first.sha256, False)
    assert deliver.fetch(dsr.case, second.pk).content == scenes.PDF
    assert Download.objects.filter(file=first).count() == 5
    assert len(notices(dsr)) == 2
    with pytest.raises(BundleFile.DoesNotExist):
        deliver.fetch(dsr.case, first.pk)


def test_the_emergency_approver_offers_nothing_again_unseen(approver: User) -> None:
    dsr, nina = scenes.released(approver=approver), factories.staff(Role.APPROVER)
    User.objects.filter(pk=nina.pk).update(emergency=True)
    actor = User.objects.get(pk=nina.pk).as_actor()
    deliver.offer_again(dsr.pk, actor=actor)
    assert AuditEntry.objects.get(action="emergency.used").actor == f"user:{nina.pk}"
    factories.staff(Role.APPROVER)
    assert refused(lambda: deliver.offer_again(dsr.pk, actor=actor)) == "emergency_not_needed"


def test_offering_again_needs_files_and_an_answer_that_stands(approver: User) -> None:
    dsr = scenes.in_review(factories.staff())
    assert refused(lambda: deliver.offer_again(dsr.pk, actor=approver.as_actor())) == "delivery_nothing_released"
    release(dsr, approver)
    deliver.announce(dsr.pk)
    handler = factories.staff()
    lifecycle.advance(dsr.pk, Action.REOPEN, handler.as_actor(), note="Mangler noe")
    assert refused(lambda: deliver.offer_again(dsr.pk, actor=approver.as_actor())) == "delivery_reopened"
    Bundle.objects.filter(dsr=dsr).update(purged_at=timezone.now())
    assert refused(lambda: deliver.offer_again(dsr.pk, actor=approver.as_actor())) == "delivery_purged"


def test_the_first_answer_can_be_fetched_while_a_second_is_being_made(approver: User) -> None:
    dsr = scenes.released(approver=approver)
    first, handler = letter(dsr), factories.staff()
    lifecycle.advance(dsr.pk, Action.REOPEN, handler.as_actor(), note="Mangler noe")
    assert scenes.fresh(dsr).stage == Stage.IN_PROGRESS
    assert deliver.fetch(dsr.case, first.pk).content == scenes.PDF


def test_a_file_that_vanished_is_not_counted(house: House, approver: User) -> None:
    dsr = scenes.released(approver=approver)
    file = letter(dsr)
    vault.delete(file.stored_as)
    assert refused(lambda: deliver.fetch(dsr.case, file.pk)) == "delivery_purged"
    assert not Download.objects.exists()


def test_nothing_personal_is_logged_on_the_way(approver: User) -> None:
    dsr = scenes.released(approver=approver)
    deliver.fetch(dsr.case, letter(dsr).pk)
    deliver.record_preview(letter(dsr), approver.as_actor())
    logged = everything_logged()
    for personal in ("Kari", "kari", "ingrid", "Ingrid"):
        assert personal not in logged
    assert "answer.previewed" in logged


def test_the_days_are_counted_from_when_the_person_was_told(approver: User) -> None:
    dsr = scenes.in_review(factories.staff())
    release(dsr, approver)
    with travel(timezone.now() + timedelta(hours=6), tick=False):
        deliver.announce(dsr.pk)
        assert scenes.current(dsr).expires_at == timezone.now() + timedelta(days=14)


def test_nobody_alone_turns_a_released_answer_to_another_address(approver: User) -> None:
    handler = factories.staff()
    dsr = scenes.released(handler, approver)
    point = contact_points.record(
        dsr.case, ContactChannel.EMAIL, "attacker@evil.example", "archive", None, actor=handler.as_actor()
    )
    row = verify.ask(dsr.case_id, DoubtReason.MISMATCH, point.pk, actor=handler.as_actor())
    verify.confirm(link_token(row))
    assert delivery.address_for(dsr.case) == "attacker@evil.example"
    assert deliver.code_address(dsr.case) == dsr.case.person_email
    again = deliver.offer_again(dsr.pk, actor=approver.as_actor())
    assert again.delivery_address == dsr.case.person_email


def test_a_release_to_another_address_takes_back_what_the_old_one_was_offered(approver: User) -> None:
    dsr = scenes.released(approver=approver)
    second = factories.dsr(Right.PORTABILITY)
    factories.force(second, Stage.RELEASED)
    other = Bundle.objects.create(
        dsr=second, created_at=timezone.now(), input_sha256="0" * 64,
        released_at=timezone.now(), expires_at=timezone.now() + timedelta(days=14),
        delivery_address="ingrid@work.example",
    )  # fmt: skip
    DataSubjectRequest.objects.filter(pk=other.dsr_id).update(case=dsr.case)
    assert deliver.offered(dsr.case) == [other]
    assert deliver.code_address(dsr.case) == "ingrid@work.example"
