"""What has fulfilled its purpose goes; rows, counts and hashes stay."""

from datetime import timedelta

import pytest
from django.utils import timezone
from time_machine import travel

from exports.models import Bundle, Download
from exports.services import bundle, decide, deliver, purge
from exports.tasks import purge as task
from identity.models import User
from requests_app.domain.enums import Action, Outcome, RequirementKind, Role
from requests_app.domain.errors import ActionRefused
from requests_app.domain.grounds import Ground
from requests_app.models import AuditEntry, DataSubjectRequest, Message
from requests_app.services import closure, lifecycle
from tests import factories
from tests.exports import scenes
from tests.exports.house import House, PowerCut, task_of


@pytest.fixture
def dsr(house: House) -> DataSubjectRequest:
    """A request whose answer is released and closed."""
    dsr = scenes.released()
    mail = Message.objects.get(case=dsr.case, intent="answer_ready")
    Message.objects.filter(pk=mail.pk).update(state="sent", sent_at=timezone.now())
    closure.close_answered(mail.pk)
    return scenes.fresh(dsr)


def stored(house: House, folder: str) -> list[str]:
    """The files below a folder."""
    return [name for name in house.files() if name.startswith(folder)]


def in_days(days: float) -> travel:
    """So many days from now."""
    return travel(timezone.now() + timedelta(days=days), tick=False)


def test_nothing_goes_before_its_time(house: House, dsr: DataSubjectRequest) -> None:
    deliver.fetch(dsr.case, scenes.current(dsr).files.all()[0].pk)
    before = house.files()
    with in_days(29.9):
        assert purge.sweep() == 0
    assert house.files() == before


def test_a_package_goes_thirty_days_after_it_was_first_fetched(house: House, dsr: DataSubjectRequest) -> None:
    kept = scenes.current(dsr)
    file = kept.files.all()[0]
    deliver.fetch(dsr.case, file.pk)
    with in_days(30):
        assert task() == 2  # and the working copies, for the request has been closed as long
        assert purge.sweep() == 0
    kept.refresh_from_db()
    assert kept.purged_at is not None
    assert stored(house, "bundles/") == []
    assert (kept.files.count(), Download.objects.count(), len(kept.manifest)) == (2, 1, 2)
    assert AuditEntry.objects.filter(action="answer.purged").count() == 1
    with pytest.raises(ActionRefused, match="delivery_purged"):
        deliver.fetch(dsr.case, file.pk)


def test_a_package_nobody_fetched_goes_sixty_days_after_release(house: House, dsr: DataSubjectRequest) -> None:
    with in_days(59.9):
        purge.sweep()
        assert stored(house, "bundles/") != []
    with in_days(60):
        purge.sweep()
    assert stored(house, "bundles/") == []


def test_working_copies_go_thirty_days_after_closure_and_their_hashes_stay(
    house: House, dsr: DataSubjectRequest
) -> None:
    assert stored(house, "tasks/")
    sha256 = task_of(dsr).result_sha256
    with in_days(30):
        purge.sweep()
    assert stored(house, "tasks/") == []
    after = task_of(dsr)
    assert (after.result_file, after.result_sha256, after.rows > 40) == ("", sha256, True)
    assert AuditEntry.objects.filter(action="task.results_purged", subject=f"dsr:{dsr.pk}").count() == 1


def test_working_copies_of_open_requests_stay(house: House) -> None:
    scenes.released()
    with in_days(300):
        purge.sweep()
    assert stored(house, "tasks/")


def test_drafts_that_a_newer_one_replaced_go_at_once(house: House) -> None:
    handler = factories.staff()
    dsr = scenes.drafted(handler)
    first = scenes.packed(dsr)
    decide.choose(
        dsr.pk, Outcome.PARTLY_FULFILLED, "Sladdet.", grounds=[Ground.RIGHTS_OF_OTHERS], actor=handler.as_actor()
    )
    second = scenes.packed(dsr)
    assert purge.sweep() == 1
    assert Bundle.objects.get(pk=first.pk).purged_at is not None
    assert stored(house, "bundles/") == sorted(file.stored_as for file in second.files.all())


def test_a_power_cut_in_the_middle_is_made_good(house: House, dsr: DataSubjectRequest) -> None:
    with in_days(60):
        with PowerCut(), pytest.raises(Exception, match="AuditHead"):
            purge.sweep()
        assert Bundle.objects.get(dsr=dsr).purged_at is None
        assert purge.sweep() == 2
    assert house.files() == []


def test_a_new_answer_after_the_purge_asks_for_a_new_search(house: House, dsr: DataSubjectRequest) -> None:
    handler: User = factories.staff(Role.HANDLER)
    with in_days(60):
        purge.sweep()
        lifecycle.advance(dsr.pk, Action.REOPEN, handler.as_actor(), note="Ny henvendelse")
        decide.begin(dsr.pk, actor=handler.as_actor())
        decide.choose(dsr.pk, Outcome.FULFILLED, "", actor=handler.as_actor())
        bundle.build(dsr.pk)
    answer = dsr.requirements.get(kind=RequirementKind.ANSWER.value)
    assert answer.reason == "answer_data_gone:website"
