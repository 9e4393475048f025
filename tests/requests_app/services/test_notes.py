"""Who has a case, what colleagues write, and the guard against writing on top of each other."""

from collections.abc import Callable

import pytest

from requests_app.domain.enums import Action, Direction, Role
from requests_app.domain.errors import ActionRefused, TransitionDenied
from requests_app.domain.snapshot import SYSTEM
from requests_app.models import AuditEntry, Case, Note
from requests_app.services import acknowledgements, clock, correspondence, lifecycle, notes
from tests import factories

pytestmark = pytest.mark.django_db


def version(case: Case) -> int:
    """The version of a case as it is now."""
    return Case.objects.values_list("version", flat=True).get(pk=case.pk)


def test_what_people_do_raises_the_version_by_one_each_and_what_the_system_does_does_not() -> None:
    case, hege = factories.case(), factories.staff()
    actor = hege.as_actor()
    dsr = case.dsrs.get()
    steps: list[tuple[int, Callable[[], object]]] = [
        (1, lambda: notes.add_note(case.pk, "a", actor=actor, user=hege)),
        (1, lambda: notes.assign(case.pk, hege.pk, actor=actor)),
        (1, lambda: correspondence.receive(case, body="b", at=case.received_at)),
        (1, lambda: correspondence.write_to_person(case.pk, subject="s", body="c", actor=actor)),
        (0, lambda: acknowledgements.acknowledge(case.pk)),
        (0, lambda: clock.recompute(dsr, "received")),
        (1, lambda: lifecycle.advance(dsr.pk, Action.START, actor)),
    ]
    for expected, step in steps:
        before = version(case)
        step()
        assert version(case) - before == expected


def test_a_system_step_leaves_the_version_alone() -> None:
    case = factories.case()
    before = version(case)
    lifecycle.advance(case.dsrs.get().pk, Action.START, SYSTEM)
    assert version(case) == before


def test_a_stale_view_is_refused_and_nothing_is_kept() -> None:
    case, hege = factories.case(), factories.staff()
    stale = version(case) - 1
    audited = AuditEntry.objects.count()
    with pytest.raises(ActionRefused) as refused:
        notes.add_note(case.pk, "a", actor=hege.as_actor(), user=hege, version=stale)
    assert refused.value.reason.code == "case_changed"
    with pytest.raises(ActionRefused):
        notes.assign(case.pk, hege.pk, actor=hege.as_actor(), version=stale)
    with pytest.raises(ActionRefused):
        correspondence.write_to_person(case.pk, subject="s", body="b", actor=hege.as_actor(), version=stale)
    assert not Note.objects.exists()
    assert not case.messages.filter(direction=Direction.OUT.value).exists()
    assert AuditEntry.objects.count() == audited


def test_giving_a_case_to_who_has_it_changes_nothing() -> None:
    case, hege = factories.case(), factories.staff()
    notes.assign(case.pk, hege.pk, actor=hege.as_actor())
    before = version(case)
    notes.assign(case.pk, hege.pk, actor=hege.as_actor(), version=before - 1)
    assert version(case) == before
    assert AuditEntry.objects.filter(action="case.assigned").count() == 1


def test_only_active_people_who_see_cases_can_have_one() -> None:
    case, hege = factories.case(), factories.staff()
    unfit = [factories.staff(Role.ADMINISTRATOR), factories.staff(Role.AUDITOR), factories.staff(active=False)]
    for pk in [*(user.pk for user in unfit), 0, 10**9]:
        with pytest.raises(ActionRefused) as refused:
            notes.assign(case.pk, pk, actor=hege.as_actor())
        assert refused.value.reason.code == "assignee_unfit"
    assert notes.assign(case.pk, None, actor=hege.as_actor()).assignee is None


def test_the_audit_knows_that_there_is_a_note_and_not_what_it_says() -> None:
    case, hege = factories.case(), factories.staff()
    row = notes.add_note(case.pk, " Kari Holm ringte \n", actor=hege.as_actor(), user=hege)
    assert row.text == "Kari Holm ringte"
    entry = AuditEntry.objects.get(action="note.added")
    assert (entry.subject, entry.actor, entry.details) == (f"case:{case.pk}", f"user:{hege.pk}", {"note": row.pk})


def test_a_step_with_a_reason_keeps_it_and_a_refused_one_keeps_nothing() -> None:
    case, hege = factories.case(), factories.staff()
    dsr = case.dsrs.get()
    with pytest.raises(TransitionDenied):
        notes.advance(dsr.pk, Action.REOPEN, actor=hege.as_actor(), user=hege, note="why")
    assert not Note.objects.exists()
    notes.advance(dsr.pk, Action.START, actor=hege.as_actor(), user=hege, note="The search did not begin.")
    assert Note.objects.get().text == "The search did not begin."
