"""Do not contact: every door of intake blocks in its own transaction, and only what was meant is lifted again."""

import base64
from collections.abc import Callable
from datetime import timedelta
from itertools import count

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django.fixtures import Settings

from requests_app import audit
from requests_app.domain.enums import Channel, Requester, Right, SuppressionState, Verdict
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import PERSON, SYSTEM
from requests_app.models import AuditEntry, Case, Inquiry, OutboxEvent, Suppression
from requests_app.services import (
    acknowledgements,
    drafts,
    intake,
    marketing,
    portal_reply,
    submissions,
    suppression,
    suppression_lift,
    suppression_list,
    triage,
)
from tests import factories
from tests.identity.together import together

from .post import ARRIVED, arrived, letter

pytestmark = pytest.mark.django_db

KARI = "kari.holm@example.com"
STOP = "Slutt å sende meg reklame, takk. Hilsen Kari Holm"
ASK = "Hvilke opplysninger har dere om meg?"
PROVISIONAL, STANDING, LIFTED = SuppressionState.PROVISIONAL, SuppressionState.STANDING, SuppressionState.LIFTED


@pytest.fixture(autouse=True)
def _organisation() -> None:
    factories.organisation()


def states() -> list[str]:
    """How the entries stand, in the order in which they were made."""
    return list(Suppression.objects.order_by("id").values_list("state", flat=True))


def by_form(*rights: str, email: str = KARI, phone: str = "", requester: Requester = Requester.SELF) -> Case:
    """A case that somebody made by the form; nothing of the outbox has run."""
    draft = drafts.start()
    drafts.answer(draft, "right", {"rights": list(rights)})
    drafts.answer(draft, "who", {"requester": requester.value, "name": "Kari Holm"})
    drafts.answer(draft, "details", {"text": ""})
    drafts.answer(draft, "contact", {"email": email, "phone": phone, "language": "nb"})
    return drafts.submit(draft)


@pytest.mark.parametrize(
    ("right", "state"),
    [
        (Right.CONSENT_WITHDRAWAL, STANDING), (Right.MARKETING_OBJECTION, STANDING),
        (Right.ERASURE, PROVISIONAL), (Right.OBJECTION, PROVISIONAL), (Right.ACCESS, None),
    ],
)  # fmt: skip
def test_the_form_has_stopped_marketing_when_it_says_thank_you(right: Right, state: SuppressionState | None) -> None:
    case = by_form(right.value, email="Kari.Holm@example.com", phone="100 00 104")
    assert suppression_list.are_blocked([KARI, "+47 10000104", "per@example.com"]) == [state is not None] * 2 + [False]
    assert {row.state for row in suppression_list.entries_of(case)} == ({state.value} if state else set())
    assert {(row.case, row.cause) for row in suppression_list.entries_of(case)} <= {(case, right.value)}


def test_of_several_rights_the_strongest_counts() -> None:
    case = by_form("erasure", "consent_withdrawal")
    assert [(row.state, row.cause) for row in suppression_list.entries_of(case)] == [(STANDING, "consent_withdrawal")]


@pytest.mark.parametrize("requester", [Requester.REPRESENTATIVE, Requester.GUARDIAN])
def test_who_writes_for_another_is_not_blocked_instead(requester: Requester) -> None:
    by_form("marketing_objection", requester=requester)
    assert states() == []


def test_when_the_case_fails_nothing_is_blocked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "add_request", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        by_form("consent_withdrawal")
    assert (states(), Case.objects.count()) == ([], 0)


@pytest.mark.parametrize("right", list(Right))
def test_sorting_adding_and_naming_a_right_block_alike(right: Right) -> None:
    actor = factories.staff().as_actor()
    sorted_ = triage.sort_as_request(factories.inquiry(sender_address="a@example.com").pk, [right], actor=actor)
    named = factories.inquiry(sender_address="b@example.com")
    named_case = intake.open_case(named, [], intake.Person(email="b@example.com"), language="nb", scope="")
    assert not suppression_list.is_blocked("b@example.com")
    triage.set_right(named_case.dsrs.get().pk, right, actor=actor)
    added = factories.case(Right.ACCESS if right is not Right.ACCESS else Right.COMPLAINT, email="c@example.com")
    triage.add_right(added.pk, right, asked_in=added.messages.get().pk, actor=actor)
    blocks = right in {Right.CONSENT_WITHDRAWAL, Right.MARKETING_OBJECTION, Right.ERASURE, Right.OBJECTION}
    assert suppression_list.are_blocked(["a@example.com", "b@example.com", "c@example.com"]) == [blocks] * 3
    owners = Suppression.objects.order_by("id").values_list("case", flat=True)
    assert list(owners) == ([sorted_.pk, named_case.pk, added.pk] if blocks else [])


def test_a_mail_blocks_provisionally_while_it_is_read() -> None:
    inquiry = arrived(letter(STOP, subject="Reklame"))
    row = Suppression.objects.get()
    assert (row.state, row.cause, row.inquiry, row.case) == (PROVISIONAL, "", inquiry, None)
    assert suppression_list.is_blocked(KARI)


@pytest.mark.parametrize("headers", [{"Auto_Submitted": "auto-replied"}, {"Return_Path": "<>"}, {"X_Autoreply": "yes"}])
def test_a_robot_blocks_nobody(headers: dict[str, str]) -> None:
    arrived(letter(STOP, subject="Reklame", **headers))
    assert states() == []


def test_a_mail_about_something_else_blocks_nobody() -> None:
    arrived(letter(ASK))
    assert states() == []


@pytest.mark.parametrize("verdict", [Verdict.NOT_A_REQUEST, Verdict.SPAM])
def test_not_a_request_lifts_it_and_putting_it_back_blocks_again(verdict: Verdict) -> None:
    inquiry, actor = arrived(letter(STOP, subject="Reklame")), factories.staff().as_actor()
    triage.sort_as_other(inquiry.pk, verdict, actor=actor)
    assert (states(), suppression_list.is_blocked(KARI)) == ([LIFTED], False)
    assert Suppression.objects.get().lifted_by_id == actor.user_id
    triage.sort_as_other(inquiry.pk, Verdict.UNSORTED, actor=actor)
    assert states() == [LIFTED, PROVISIONAL]


@pytest.mark.parametrize(
    ("rights", "state"),
    [([Right.MARKETING_OBJECTION], STANDING), ([Right.ERASURE], PROVISIONAL), ([Right.ACCESS], LIFTED),
     ([], PROVISIONAL)],
)  # fmt: skip
def test_whoever_sorts_the_mail_decides_what_becomes_of_the_guess(rights: list[Right], state: str) -> None:
    inquiry = arrived(letter(STOP, subject="Reklame"))
    case = triage.sort_as_request(inquiry.pk, rights, actor=factories.staff().as_actor())
    assert states() == [state]
    if rights and state != LIFTED:
        assert Suppression.objects.get().case == case


def test_a_guess_stays_while_another_message_asks_for_the_same() -> None:
    actor = factories.staff().as_actor()
    first, second = (arrived(letter(f"{STOP} {number}", subject="Reklame")) for number in (1, 2))
    triage.sort_as_other(first.pk, Verdict.NOT_A_REQUEST, actor=actor)
    assert (states(), Suppression.objects.get().inquiry) == ([PROVISIONAL], second)
    triage.sort_as_other(second.pk, Verdict.NOT_A_REQUEST, actor=actor)
    assert states() == [LIFTED]


def test_a_wrong_guess_never_lifts_what_stands() -> None:
    by_form("consent_withdrawal")
    inquiry = arrived(letter(STOP, subject="Reklame"))
    triage.sort_as_other(inquiry.pk, Verdict.NOT_A_REQUEST, actor=factories.staff().as_actor())
    assert states() == [STANDING]


def test_a_reply_on_a_case_blocks_in_its_name() -> None:
    case = factories.case(email=KARI, received_at=ARRIVED - timedelta(days=1))
    Case.objects.filter(pk=case.pk).update(person_email=KARI)
    arrived(letter(STOP, subject=f"Re: {case.reference}"), at=timezone.now())
    assert [(row.state, row.case) for row in Suppression.objects.all()] == [(PROVISIONAL, case)]


def test_a_message_on_a_closed_case_blocks_until_it_is_sorted() -> None:
    case = factories.case(email=KARI)
    Case.objects.filter(pk=case.pk).update(closed_at=case.received_at)
    portal_reply.keep(case.pk, STOP)
    assert states() == [PROVISIONAL]


def test_the_api_blocks_what_it_hands_in() -> None:
    body = {"email": KARI, "name": "", "subject": "", "text": "Stopp", "language": "nb", "rights": ["erasure"]}
    handed = submissions.submit("crm", "1", body).inquiry
    assert [(row.state, row.inquiry) for row in Suppression.objects.all()] == [(PROVISIONAL, handed)]
    triage.sort_as_request(handed.pk, [Right.ERASURE], actor=factories.staff().as_actor())
    submissions.submit("crm", "1", body)
    assert states() == [PROVISIONAL]


def test_an_erasure_that_is_done_makes_it_stand() -> None:
    case = by_form("erasure")
    with transaction.atomic():
        assert suppression.confirm(case, Right.ERASURE, actor=SYSTEM)
        assert not suppression.confirm(case, Right.ERASURE, actor=SYSTEM)
    assert states() == [STANDING]


def test_gmail_reads_the_same_mailbox_under_many_names() -> None:
    by_form("marketing_objection", email="k.holm+messe@gmail.com")
    found = suppression_list.are_blocked(["kholm@gmail.com", "K.H.olm@googlemail.com", "kholm2@gmail.com"])
    assert found == [True, True, False]
    assert len(states()) == 2


def test_an_entry_made_under_an_older_key_still_blocks_and_is_not_made_twice(settings: Settings) -> None:
    by_form("consent_withdrawal")
    fresh = f"new:{base64.urlsafe_b64encode(b'n' * 32).decode()}"
    settings.KEYS_TEXT = f"{fresh} {settings.KEYS_TEXT}"
    assert suppression_list.is_blocked(KARI)
    case = by_form("consent_withdrawal")
    assert states() == [STANDING]
    with transaction.atomic():
        assert suppression_lift.lift(case, actor=factories.staff().as_actor())
    by_form("consent_withdrawal")
    assert list(Suppression.objects.in_force().values_list("key_id", flat=True)) == ["new"]


def test_many_addresses_are_matched_in_their_order() -> None:
    by_form("consent_withdrawal")
    asked = [f"nobody{number}@example.com" for number in range(700)] + [KARI, "", "tull"]
    assert suppression_list.are_blocked(asked) == [False] * 700 + [True, False, False]


def test_nothing_that_is_kept_names_anybody() -> None:
    by_form("consent_withdrawal", phone="100 00 104")
    arrived(letter(STOP, subject="Reklame", sender="Per <per.strand@example.net>"))
    kept = [*AuditEntry.objects.values(), *Suppression.objects.values(), *OutboxEvent.objects.values()]
    assert len(kept) > 5
    for secret in ("holm", "strand", "example.", "10000104"):
        assert secret not in str(kept).lower()
    assert audit.verify()[1] is None


def test_the_staff_lift_with_a_reason_and_block_whom_they_found() -> None:
    hanne, case = factories.staff(), by_form("marketing_objection", requester=Requester.GUARDIAN)
    assert marketing.block(case.pk, "barn@example.com", actor=hanne.as_actor())
    assert not marketing.block(case.pk, " Barn@Example.com ", actor=hanne.as_actor())
    assert [row.state for row in suppression_list.entries_of(case)] == [STANDING]
    with pytest.raises(ActionRefused) as refused:
        marketing.lift(case.pk, "  ", actor=hanne.as_actor(), user=hanne)
    assert (refused.value.reason.code, states()) == ("note_missing", [STANDING])
    assert marketing.lift(case.pk, "Ringte: det var feil adresse.", actor=hanne.as_actor(), user=hanne)
    assert not marketing.lift(case.pk, "Igjen.", actor=hanne.as_actor(), user=hanne)
    assert (states(), case.notes.get().text) == ([LIFTED], "Ringte: det var feil adresse.")


@pytest.mark.parametrize("text", ["", "tull", "1881", "a@", "a@b@example.com", "\0"])
def test_what_nobody_can_be_reached_by_is_refused(text: str) -> None:
    case, actor = factories.case(), factories.staff().as_actor()
    with pytest.raises(ActionRefused) as refused:
        marketing.block(case.pk, text, actor=actor)
    assert (refused.value.reason.code, states()) == ("not_reachable", [])


def test_taking_it_back_spares_what_was_asked_for_elsewhere() -> None:
    first, second = by_form("marketing_objection"), by_form("marketing_objection")
    with transaction.atomic():
        assert suppression_lift.undo(first, timezone.now(), actor=PERSON)
        assert not suppression_lift.undo(first, timezone.now(), actor=PERSON)
    assert Suppression.objects.in_force().get().case == second
    with transaction.atomic():
        assert suppression_lift.undo(second, timezone.now(), actor=PERSON)
        assert not suppression_lift.undo(second, timezone.now(), actor=PERSON)
    assert states() == [LIFTED, LIFTED]


def test_what_was_taken_back_once_does_not_keep_a_later_guess_alive() -> None:
    case = by_form("marketing_objection")
    with transaction.atomic():
        suppression_lift.undo(case, timezone.now(), actor=PERSON)
    inquiry = arrived(letter(STOP, subject="Reklame"))
    triage.sort_as_other(inquiry.pk, Verdict.NOT_A_REQUEST, actor=factories.staff().as_actor())
    assert states() == [LIFTED, LIFTED]


def test_an_attached_message_keeps_its_block() -> None:
    case, inquiry = factories.case(email="annen@example.com"), arrived(letter(STOP, subject="Reklame"))
    triage.attach(inquiry.pk, case.pk, actor=factories.staff().as_actor(), confirmed=True)
    assert [(row.state, row.case) for row in suppression_list.entries_of(case)] == [(PROVISIONAL, case)]


def test_the_acknowledgement_says_what_has_happened_already() -> None:
    erasure, access, both, only = (
        by_form("erasure"), by_form("access"), by_form("access", "marketing_objection"), by_form("consent_withdrawal"),
    )  # fmt: skip
    for case in (erasure, access, both, only):
        acknowledgements.acknowledge(case.pk)
    said = {case.pk: case.messages.filter(intent="acknowledgement").values_list("body", flat=True).first()
            for case in (erasure, access, both, only)}  # fmt: skip
    assert (
        "Du har bedt oss slette opplysninger om deg. Vi har stanset markedsføringen nå. Du får svar om resten"
        in str(said[erasure.pk])
    )
    assert "stanset" not in str(said[access.pk])
    assert "Vi har stanset markedsføringen nå. Du får svar om resten" in str(said[both.pk])
    assert "slette" not in str(said[both.pk])
    assert said[only.pk] is None
    assert acknowledgements.why_not_acknowledged(only) is None


def test_a_representative_gets_the_ordinary_acknowledgement() -> None:
    case = by_form("marketing_objection", requester=Requester.REPRESENTATIVE)
    acknowledgements.acknowledge(case.pk)
    assert "stanset" not in case.messages.get(intent="acknowledgement").body


@pytest.mark.django_db(transaction=True)
def test_several_who_block_one_address_at_once_make_one_entry() -> None:
    factories.organisation()
    numbers = count(1)
    cases = [factories.case(email=f"k{number}@example.com") for number in range(4)]
    actor = factories.staff().as_actor()

    def stop() -> bool:
        return marketing.block(cases[next(numbers) % 4].pk, "k.a.r.i@gmail.com", actor=actor)

    assert sorted(together(4, stop)) == [False, False, False, True]
    assert states() == [STANDING, STANDING]  # as written, and as Gmail reads it
    assert audit.verify()[1] is None


@pytest.mark.django_db(transaction=True)
def test_a_form_a_mail_and_a_colleague_at_once_never_wait_for_each_other_for_ever() -> None:
    factories.organisation()
    actor, numbers = factories.staff().as_actor(), count()
    inquiries = [factories.inquiry(channel=Channel.MAIL) for _ in range(2)]
    ways: list[Callable[[], object]] = [
        lambda: by_form("consent_withdrawal"),
        lambda: triage.sort_as_request(inquiries[0].pk, [Right.ERASURE], actor=actor),
        lambda: arrived(letter(STOP, subject="Reklame")),
        lambda: triage.sort_as_request(inquiries[1].pk, [Right.MARKETING_OBJECTION], actor=actor),
        lambda: by_form("erasure"),
    ]
    together(5, lambda: bool(ways[next(numbers)]()))
    assert states() == [STANDING]
    assert (Case.objects.count(), Inquiry.objects.count()) == (4, 5)
    assert audit.verify()[1] is None
