"""Asking who it is: only on a doubt, the clock stands, the answer starts it, nothing gives an address away."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from identity import selectors
from identity.domain.enums import DoubtReason, Level, LinkState, Method, VerificationState
from identity.models import Verification
from identity.services import verify
from requests_app.domain import tokens
from requests_app.domain.enums import Right
from requests_app.domain.errors import ActionRefused
from requests_app.models import AuditEntry, Case, Message, OutboxEvent, Suspension
from requests_app.services import clock
from tests import factories
from tests.identity import scenes
from tests.identity.together import together

pytestmark = pytest.mark.django_db


def ask_again(row: Verification) -> Verification:
    point = row.case.contact_points.get()
    return verify.ask(row.case_id, DoubtReason.UNKNOWN_ADDRESS, point.pk, actor=factories.staff().as_actor())


def mails(case: Case) -> list[tuple[str, str]]:
    rows = Message.objects.filter(case=case, intent="identity_request").order_by("id")
    return [(str(row.key).partition(":")[0], row.to_address) for row in rows]


def test_asking_stops_the_clock_and_tells_both_addresses() -> None:
    row = scenes.doubted()
    dsr = row.case.dsrs.get()
    suspension = Suspension.objects.get(dsr=dsr)
    assert (suspension.kind, suspension.ground, suspension.answered_at) == ("identity", "unknown_address", None)
    assert clock.derive(dsr).paused
    assert mails(row.case) == [("identity-request", "kari.holm@example.com"), ("identity-link", scenes.ON_FILE)]
    queued = OutboxEvent.objects.filter(name="MessageQueued")
    assert queued.count() >= 2
    entry = AuditEntry.objects.get(action="identity.asked")
    assert entry.details == {"doubt": "unknown_address", "verification": row.pk}


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize("doubt", list(DoubtReason))
def test_no_mail_gives_an_address_or_a_name_away(language: str, doubt: DoubtReason) -> None:
    case = factories.case(language=language)
    point = scenes.on_file(case)
    verify.ask(case.pk, doubt, point.pk, actor=factories.staff().as_actor())
    request, link = Message.objects.filter(case=case, intent="identity_request").order_by("id")
    for message in (request, link):
        text = f"{message.subject}\n{message.body}"
        assert scenes.ON_FILE not in text
        assert case.person_email not in text
        assert case.person_name not in text
        assert "website" not in text
        assert case.reference in text
    neutral = {"nb": "Hvis vi har en annen e-postadresse", "en": "If we hold another e-mail address for you"}
    assert neutral[language] in request.body
    assert "{{secret:link}}" in link.body
    assert "secret" not in request.body


def test_the_person_with_one_address_gets_one_mail() -> None:
    case = factories.case(email=scenes.ON_FILE)
    point = scenes.on_file(case)
    verify.ask(case.pk, DoubtReason.FRAUD_SIGN, point.pk, actor=factories.staff().as_actor())
    assert mails(case) == [("identity-link", scenes.ON_FILE)]
    body = case.messages.get(intent="identity_request").body
    for said in (
        "Hvorfor vi spør",
        "Noe ved henvendelsen gjør oss usikre",
        "finner vi en annen måte",
        "i tillegg til fristen",
    ):
        assert said in body


def test_the_link_is_derived_and_the_row_knows_its_hash_only() -> None:
    row = scenes.doubted()
    token = scenes.link_token(row)
    assert row.token_digest == tokens.digest(token)
    assert token not in str(Message.objects.values_list("body", "secrets"))


def test_looking_at_the_link_changes_nothing() -> None:
    row = scenes.doubted()
    token = scenes.link_token(row)
    assert [verify.look_up(token) for _ in range(3)] == [LinkState.OPEN] * 3
    assert Verification.objects.get().state == VerificationState.ASKED


def test_confirming_starts_the_clock_at_that_instant() -> None:
    row = scenes.doubted()
    token, dsr = scenes.link_token(row), row.case.dsrs.get()
    due = clock.derive(dsr).unsuspended_due
    with time_machine.travel(timezone.now() + timedelta(hours=20), tick=False):
        assert verify.confirm(token) is LinkState.CONFIRMED
        now = timezone.now()
    row.refresh_from_db()
    assert (row.state, row.concluded_at) == (VerificationState.CONFIRMED, now)
    assert Suspension.objects.get().answered_at == now
    dsr.refresh_from_db()
    assert not clock.derive(dsr).paused
    assert dsr.effective_due is not None
    assert dsr.effective_due >= due
    assurance = selectors.assurance(row.case)
    assert (assurance.level, assurance.method, assurance.at) == (Level.L1, Method.EMAIL_LINK, now)


def test_confirming_again_changes_nothing() -> None:
    token = scenes.link_token(scenes.doubted())
    verify.confirm(token)
    before = Verification.objects.values().get(), AuditEntry.objects.count()
    assert verify.confirm(token) is LinkState.CONFIRMED
    assert (Verification.objects.values().get(), AuditEntry.objects.count()) == before


@pytest.mark.django_db(transaction=True)
def test_confirming_at_the_same_time_happens_once() -> None:
    token = scenes.link_token(scenes.doubted())
    assert together(4, lambda: verify.confirm(token)) == [LinkState.CONFIRMED] * 4
    assert AuditEntry.objects.filter(action="identity.confirmed").count() == 1


def test_a_link_that_is_too_old_confirms_nothing() -> None:
    token = scenes.link_token(scenes.doubted())
    with time_machine.travel(timezone.now() + timedelta(hours=24, seconds=1)):
        assert verify.look_up(token) is LinkState.DEAD
        assert verify.confirm(token) is LinkState.DEAD
    assert Suspension.objects.get().answered_at is None


def test_a_link_that_never_was_is_like_one_that_is_too_old() -> None:
    assert verify.look_up("nonsense") is LinkState.DEAD
    assert verify.confirm("nonsense") is LinkState.DEAD
    assert verify.language_of("nonsense") is None


def test_asking_again_kills_the_old_link_and_keeps_the_clock_where_it_stopped() -> None:
    first = scenes.doubted()
    asked_at = Suspension.objects.get().asked_at
    second = ask_again(first)
    assert verify.confirm(scenes.link_token(first)) is LinkState.DEAD
    assert Suspension.objects.get().asked_at == asked_at
    assert verify.confirm(scenes.link_token(second)) is LinkState.CONFIRMED


def test_five_questions_a_day_are_enough() -> None:
    row = scenes.doubted()
    for _ in range(4):
        ask_again(row)
    with pytest.raises(ActionRefused, match="identity_asked_too_often"):
        ask_again(row)
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        ask_again(row)


@pytest.mark.parametrize(
    "rights,code",
    [
        ([Right.CONSENT_WITHDRAWAL, Right.MARKETING_OBJECTION], "identity_never_asked"),
        ([Right.AUTOMATED_DECISION, Right.COMPLAINT], "identity_not_for_it"),
        ([Right.CONSENT_WITHDRAWAL, Right.COMPLAINT], "identity_not_for_it"),
    ],
)
def test_rights_that_need_no_identity_are_never_asked_about(rights: list[Right], code: str) -> None:
    with pytest.raises(ActionRefused, match=code):
        scenes.doubted(*rights)
    assert not Verification.objects.exists()
    assert not Message.objects.filter(intent="identity_request").exists()


def test_a_question_never_stops_the_clock_of_what_must_happen_now() -> None:
    row = scenes.doubted(Right.ACCESS, Right.MARKETING_OBJECTION, Right.CONSENT_WITHDRAWAL)
    assert [s.dsr.right for s in Suspension.objects.filter(dsr__case=row.case)] == [Right.ACCESS]


def test_an_address_of_another_case_or_none_is_refused() -> None:
    case, other = factories.case(), factories.case()
    elsewhere = scenes.on_file(other)
    actor = factories.staff().as_actor()
    with pytest.raises(ActionRefused, match="contact_point_missing"):
        verify.ask(case.pk, DoubtReason.MISMATCH, elsewhere.pk, actor=actor)
    scenes.on_file(case)
    with pytest.raises(ActionRefused, match="contact_point_missing"):
        verify.ask(case.pk, DoubtReason.MISMATCH, elsewhere.pk, actor=actor)


def test_the_sweep_marks_what_ran_out_and_the_question_stays_open() -> None:
    row = scenes.doubted()
    assert verify.expire() == 0
    with time_machine.travel(timezone.now() + timedelta(hours=24, seconds=1)):
        assert verify.expire() == 1
        assert verify.expire() == 0
    row.refresh_from_db()
    assert row.state == VerificationState.EXPIRED
    assert Suspension.objects.get().answered_at is None
    requirement = row.case.dsrs.get().requirements.get(kind="identity")
    assert (requirement.state, requirement.reason) == ("open", "identity_link_expired")


def test_the_person_gets_a_new_link_where_the_old_one_went() -> None:
    row = scenes.doubted()
    old = scenes.link_token(row)
    with time_machine.travel(timezone.now() + timedelta(hours=30)):
        verify.expire()
        verify.renew(old)
        new = Verification.objects.latest("id")
        assert (new.pk != row.pk, new.sent_to, new.asked_by_id) == (True, scenes.ON_FILE, row.asked_by_id)
        assert mails(row.case)[-1] == ("identity-link", scenes.ON_FILE)
        assert verify.confirm(scenes.link_token(new)) is LinkState.CONFIRMED


def test_new_links_are_throttled_and_refused_in_silence() -> None:
    row = scenes.doubted()
    with time_machine.travel(timezone.now() + timedelta(hours=30)):
        token = scenes.link_token(row)
        for _ in range(9):
            verify.renew(token)
        assert Verification.objects.count() == 1 + verify.ASKS_PER_DAY


def test_only_a_dead_link_of_an_open_question_is_renewed() -> None:
    row = scenes.doubted()
    token = scenes.link_token(row)
    verify.renew(token)
    verify.renew("nonsense")
    verify.confirm(token)
    verify.renew(token)
    assert Verification.objects.count() == 1


def test_withdrawing_ends_the_wait_and_kills_the_link() -> None:
    row = scenes.doubted()
    handler = factories.staff()
    verify.withdraw(row.case_id, actor=handler.as_actor())
    row.refresh_from_db()
    assert row.state == VerificationState.WITHDRAWN
    assert Suspension.objects.get().answered_at is not None
    assert not row.case.dsrs.get().requirements.filter(kind="identity").exists()
    token = scenes.link_token(row)
    assert verify.confirm(token) is LinkState.DEAD
    verify.renew(token)
    assert Verification.objects.count() == 1
    with pytest.raises(ActionRefused, match="identity_nothing_asked"):
        verify.withdraw(row.case_id, actor=handler.as_actor())


def test_withdrawing_a_later_doubt_leaves_the_earlier_answer() -> None:
    row = scenes.doubted()
    verify.confirm(scenes.link_token(row))
    ask_again(row)
    verify.withdraw(row.case_id, actor=factories.staff().as_actor())
    standing = selectors.standing(row.case)
    assert (standing.waiting, standing.confirmed) == (None, row)


def test_the_audit_of_the_whole_way_holds_no_address() -> None:
    row = scenes.doubted()
    verify.confirm(scenes.link_token(row))
    text = str(list(AuditEntry.objects.values()))
    assert "@" not in text
    assert "Kari" not in text


@pytest.mark.parametrize("language", ["nb", "en"])
def test_getting_the_question_does_not_tell_whether_we_know_an_address(language: str) -> None:
    known, unknown = factories.case(language=language), factories.case(language=language)
    point, actor = scenes.on_file(known), factories.staff().as_actor()
    verify.ask(known.pk, DoubtReason.MISMATCH, point.pk, actor=actor)
    row = verify.ask(unknown.pk, DoubtReason.MISMATCH, None, actor=actor)
    assert mails(unknown) == [("identity-request", "kari.holm@example.com")]
    first, second = (Message.objects.get(case=case, key__startswith="identity-request:") for case in (known, unknown))
    assert first.body.replace(known.reference, "#") == second.body.replace(unknown.reference, "#")
    assert first.subject.replace(known.reference, "#") == second.subject.replace(unknown.reference, "#")
    assert clock.derive(known.dsrs.get()).paused
    assert clock.derive(unknown.dsrs.get()).paused
    assert row.sent_to == ""
    verify.withdraw(unknown.pk, actor=actor)
    assert not clock.derive(unknown.dsrs.get()).paused
