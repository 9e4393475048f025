"""The panel on which the time is extended, and the place for advice, as each role sees and uses them."""

from datetime import date

import pytest
from django.urls import reverse
from pytest_django.fixtures import Settings
from time_machine import travel

from requests_app import selectors
from requests_app.domain.enums import DeliveryWay, ExtensionReason, MessageState, NoExtensionReason, Right, Role, Stage
from requests_app.labels import EXTENSION_REASONS
from requests_app.models import Advice, AuditEntry, Case, DataSubjectRequest, Extension, Message
from requests_app.reasons import SENTENCES
from requests_app.services import extension, extension_letter, sending
from tests import factories
from tests.desk_client import DeskClient, desk_client, text
from tests.requests_app.extensions import BEFORE_EASTER, RECEIVED, WHAT, WHY, approved, at, fresh, proposed

pytestmark = pytest.mark.django_db

GIVEN = {"reasons": ["volume", "redaction"], "explanation": WHY, "what_comes": WHAT}
ADVICE = "Begrunnelsen holder, men si hvor mange postkasser det gjelder."


@pytest.fixture(autouse=True)
def _with_its_panel(settings: Settings) -> None:
    settings.CASE_PANELS = ("requests_app.desk.extension_panel.panel",)
    settings.CASE_FOOT_PANELS = ("requests_app.desk.extension_panel.folded",)
    settings.SMTP_URL = ""


@pytest.fixture
def _in_september() -> object:
    with travel(at(9, 20), tick=False) as clock:
        yield clock


@pytest.fixture
def dsr(_in_september: object) -> DataSubjectRequest:
    """A request of 1 September, seen on the 20th."""
    return factories.dsr(received_at=RECEIVED)


def page(dsr: DataSubjectRequest) -> str:
    """The page of the case."""
    return reverse("requests:desk:case", args=[dsr.case.reference])


def url(step: str, dsr: DataSubjectRequest, *more: object) -> str:
    """The address of a step."""
    return reverse(f"requests:desk:{step}", args=[dsr.case.reference, *more])


def do(desk: DeskClient, address: str, dsr: DataSubjectRequest, **given: object) -> str:
    """Take a step as the page is now, and read the page that follows."""
    return text(desk.post(address, {"version": fresh(dsr).case.version, **given}, follow=True))


def test_the_whole_way_by_two_persons(dsr: DataSubjectRequest, settings: Settings, tmp_path: object) -> None:
    settings.SENT_FOLDER = tmp_path
    handler, decides = desk_client(name="Hanne"), desk_client(Role.DECISION_MAKER, name="Dag")
    shown = handler.read(page(dsr))
    assert "the person must be told, with reasons, by 1 October 2026. Decide by 24 September 2026" in shown
    assert "The letter will name 1 December 2026" in shown
    assert "Proposed." in do(handler, url("extend", dsr, dsr.pk), dsr, **GIVEN)
    row = Extension.objects.get()
    assert "Approve the extension" not in handler.read(page(dsr))
    shown = decides.read(page(dsr))
    for words in ("Waits for approval", WHY, "Much has to be redacted", "Hanne", "1. desember 2026"):
        assert words in shown
    assert "Approved. The time is extended once the notice is out." in do(
        decides, url("extension-approve", dsr, row.pk), dsr
    )
    shown = decides.read(page(dsr))
    assert "The letter by e-mail: <strong>Queued</strong>" in shown
    assert "cannot be taken back" in shown
    mail = Message.objects.get(key=extension_letter.key_of(row))
    sending.send(mail.pk)
    extension.note_sent(mail.pk)
    shown = handler.read(page(dsr))
    assert "The notice went out on 20 September 2026. The answer is due by 1 December 2026." in shown
    assert "Extended: the notice of 20 September 2026 went out in time (1 October 2026 at the latest)." in shown
    assert "The extension counts." in shown
    assert "Take it back" not in shown
    for words in ("Proposed to extend the time until 1 December 2026", "The extension of the time was approved"):
        assert words in shown


@pytest.mark.parametrize("code", list(NoExtensionReason))
def test_what_is_no_reason_is_offered_and_refused_with_the_cause(dsr: DataSubjectRequest, code: str) -> None:
    desk = desk_client()
    assert str(EXTENSION_REASONS[code]) in desk.read(page(dsr))
    answer = desk.post(url("extend", dsr, dsr.pk), GIVEN | {"reasons": ["volume", code], "version": 0})
    assert answer.status_code == 422
    assert str(SENTENCES[f"extension_reason_{code}"]) in text(answer)
    assert WHY in text(answer)
    assert text(answer).count("checked") == 2
    assert not Extension.objects.exists()


@pytest.mark.parametrize(
    "changes", [{"reasons": []}, {"reasons": ["weather"]}, {"explanation": " "}, {"what_comes": ""}, {"version": "x"}]
)
def test_a_proposal_that_lacks_something_is_shown_again(dsr: DataSubjectRequest, changes: dict[str, object]) -> None:
    answer = desk_client().post(url("extend", dsr, dsr.pk), GIVEN | {"version": fresh(dsr).case.version} | changes)
    assert answer.status_code == 422
    assert not Extension.objects.exists()


def test_a_second_press_is_told_that_it_is_there(dsr: DataSubjectRequest) -> None:
    desk = desk_client()
    do(desk, url("extend", dsr, dsr.pk), dsr, **GIVEN)
    again = desk.post(url("extend", dsr, dsr.pk), GIVEN | {"version": fresh(dsr).case.version})
    assert "An extension is proposed or approved already." in text(again)
    row = Extension.objects.get()
    decides = desk_client(Role.DECISION_MAKER)
    do(decides, url("extension-approve", dsr, row.pk), dsr)
    assert "The extension is approved already." in do(decides, url("extension-approve", dsr, row.pk), dsr)


def test_whoever_proposed_it_reads_that_somebody_else_approves(dsr: DataSubjectRequest) -> None:
    both = desk_client(Role.HANDLER, Role.DECISION_MAKER)
    do(both, url("extend", dsr, dsr.pk), dsr, **GIVEN)
    row = Extension.objects.get()
    assert "The decision-maker who approves it must be somebody else." in both.read(page(dsr))
    assert "must be somebody else" in do(both, url("extension-approve", dsr, row.pk), dsr)
    assert "Taken back." in do(both, url("extension-back", dsr, row.pk), dsr)
    assert "Extend the time" in both.read(page(dsr))


def test_after_the_month_the_panel_says_so_and_offers_nothing(dsr: DataSubjectRequest) -> None:
    with travel(at(10, 2), tick=False):
        shown = desk_client().read(page(dsr))
    assert "The notice had to go out by 1 October 2026, within one month of the receipt." in shown
    assert url("extend", dsr, dsr.pk) not in shown


def test_between_the_promise_and_the_end_of_the_month_the_panel_says_what_is_broken() -> None:
    dsr = factories.dsr(received_at=BEFORE_EASTER)
    with travel(at(4, 7), tick=False):
        assert "By law the notice can still go out, but our promise is broken." in desk_client().read(page(dsr))
        Case.objects.filter(pk=dsr.case_id).update(person_email="")
        row = approved(fresh(dsr))
        extension.told(row.pk, DeliveryWay.IN_PERSON, date(2026, 4, 7), actor=factories.staff().as_actor())
        assert "our promise was broken" in desk_client().read(page(dsr))


def test_it_stands_folded_at_the_foot_until_it_has_to_be_decided_soon(dsr: DataSubjectRequest) -> None:
    panel, history = f'id="extension-{dsr.pk}"', 'id="timeline"'
    with travel(at(9, 16), tick=False):  # eight days before it should be decided
        shown = desk_client().read(page(dsr))
    assert shown.index(panel) > shown.index(history)
    with travel(at(9, 17), tick=False):
        shown = desk_client().read(page(dsr))
    assert shown.index(panel) < shown.index(history)
    with travel(at(10, 2), tick=False):  # the month is over
        shown = desk_client().read(page(dsr))
    assert shown.index(panel) > shown.index(history)


def test_what_is_proposed_stands_among_the_work_however_early(dsr: DataSubjectRequest) -> None:
    with travel(at(9, 10), tick=False):
        proposed(dsr)
        shown = desk_client().read(page(dsr))
    assert shown.index(f'id="extension-{dsr.pk}"') < shown.index('id="timeline"')
    assert shown.count(f'id="extension-{dsr.pk}"') == 1


def test_the_deadline_leads_to_the_extension_as_long_as_there_can_be_one(dsr: DataSubjectRequest) -> None:
    way = f'href="#extension-{dsr.pk}"'
    assert way in desk_client().read(page(dsr))
    proposed(dsr)
    assert way not in desk_client().read(page(dsr))


def test_a_case_and_its_row_in_the_queue_say_that_the_time_is_extended(dsr: DataSubjectRequest) -> None:
    def said(address: str) -> bool:
        return '<span class="ds-tag" data-color="warning">Extended</span>' in desk_client().read(address)

    Case.objects.filter(pk=dsr.case_id).update(person_email="")
    row = approved(fresh(dsr))
    assert not said("/desk/")
    assert not said(page(dsr))
    extension.told(row.pk, DeliveryWay.POST, date(2026, 9, 20), actor=factories.staff().as_actor())
    assert said("/desk/")
    assert said(page(dsr))


def test_a_notice_that_came_too_late_is_not_shown_as_an_extension(dsr: DataSubjectRequest) -> None:
    Case.objects.filter(pk=dsr.case_id).update(person_email="")
    row = approved(fresh(dsr))
    with travel(at(10, 5), tick=False):
        extension.told(row.pk, DeliveryWay.POST, date(2026, 10, 5), actor=factories.staff().as_actor())
        assert ">Extended<" not in desk_client().read("/desk/")


def test_a_person_without_an_address_gets_it_by_hand(dsr: DataSubjectRequest) -> None:
    Case.objects.filter(pk=dsr.case_id).update(person_email="")
    row, desk = approved(fresh(dsr)), desk_client()
    assert "No e-mail has reached the person. Post the letter or hand it over" in desk.read(page(dsr))
    address = url("extension-told", dsr, row.pk)
    for bad in ({}, {"way": "phone", "on": "2026-09-20"}, {"way": "post", "on": "2026-09-21"}):
        assert desk.post(address, bad | {"version": fresh(dsr).case.version}).status_code == 422
    assert "Recorded." in do(desk, address, dsr, way="post", on="2026-09-20")
    shown = desk.read(page(dsr))
    assert "The answer is due by 1 December 2026." in shown
    assert "By post" in shown
    assert "This is not" not in do(desk, address, dsr, way="post", on="2026-09-20")


def test_a_mail_that_failed_shows_and_can_be_given_by_hand(dsr: DataSubjectRequest) -> None:
    row, desk = approved(dsr), desk_client()
    assert "No e-mail has reached the person." not in desk.read(page(dsr))
    Message.objects.filter(key=extension_letter.key_of(row)).update(state=MessageState.FAILED.value)
    shown = desk.read(page(dsr))
    assert "No e-mail has reached the person." in shown
    assert "<strong>Not sent</strong>" in shown
    assert "A message did not reach the person." in shown
    shown = do(desk, url("extension-told", dsr, row.pk), dsr, way="post", on="2026-09-20")
    assert "A message did not reach the person." not in shown
    assert "Send again" not in shown


def test_a_mail_that_failed_can_be_taken_back(dsr: DataSubjectRequest) -> None:
    row, desk = approved(dsr), desk_client()
    Message.objects.filter(key=extension_letter.key_of(row)).update(state=MessageState.FAILED.value)
    shown = do(desk, url("extension-back", dsr, row.pk), dsr)
    assert "Taken back." in shown
    assert "Send again" not in shown


def test_a_letter_that_came_too_late_is_said_to_extend_nothing(dsr: DataSubjectRequest) -> None:
    Case.objects.filter(pk=dsr.case_id).update(person_email="")
    row = approved(fresh(dsr))
    with travel(at(10, 5), tick=False):
        extension.told(row.pk, DeliveryWay.POST, date(2026, 10, 5), actor=factories.staff().as_actor())
        shown = desk_client().read(page(dsr))
    assert "It came too late, so nothing is extended." in shown
    assert "Not extended: the notice of 5 October 2026 went out after 1 October 2026." in shown


@pytest.mark.parametrize("right", [Right.CONSENT_WITHDRAWAL, Right.MARKETING_OBJECTION])
def test_what_takes_effect_at_once_has_no_panel(right: Right) -> None:
    assert "Extension of the time" not in desk_client().read(page(factories.dsr(right)))


def test_what_is_answered_has_a_panel_only_if_it_was_extended(dsr: DataSubjectRequest) -> None:
    factories.force(dsr, Stage.RELEASED)
    assert "Extension of the time" not in desk_client().read(page(dsr))
    factories.force(dsr, Stage.TRIAGED)
    approved(fresh(dsr))
    factories.force(dsr, Stage.RELEASED)
    assert "Extension of the time" in desk_client().read(page(dsr))


def test_several_requests_have_a_panel_each() -> None:
    case = factories.case(Right.ACCESS, Right.ERASURE)
    shown = desk_client().read(reverse("requests:desk:case", args=[case.reference]))
    assert "Extension of the time: Access" in shown
    assert "Extension of the time: Erasure" in shown


@pytest.mark.parametrize("role", [Role.INTAKE, Role.APPROVER, Role.DPO])
def test_others_look_and_do_not_touch(dsr: DataSubjectRequest, role: Role) -> None:
    row, desk = proposed(dsr), desk_client(role)
    shown = desk.read(page(dsr))
    assert "Waits for approval" in shown
    assert "Take it back" not in shown
    for step, number in (
        ("extend", dsr.pk), ("extension-approve", row.pk), ("extension-back", row.pk), ("extension-told", row.pk),
    ):  # fmt: skip
        assert desk.post(url(step, dsr, number)).status_code == 403
    assert desk_client().post(url("extension-approve", dsr, row.pk)).status_code == 403


def test_a_proposal_stands_among_what_is_to_be_approved(dsr: DataSubjectRequest) -> None:
    def waiting() -> list[Case]:
        return list(selectors.cases_in(selectors.CaseView.APPROVE, user_id=0, today=date(2026, 9, 20)))

    factories.dsr()
    assert waiting() == []
    row = proposed(dsr)
    assert waiting() == [dsr.case]
    extension.approve(row.pk, actor=factories.staff(Role.DECISION_MAKER).as_actor())
    assert waiting() == []


def test_another_case_does_not_lead_to_an_extension(dsr: DataSubjectRequest) -> None:
    row, other = proposed(dsr), factories.dsr()
    for step, number in (("extend", dsr.pk), ("extension-back", row.pk), ("extension-told", row.pk)):
        assert desk_client().post(url(step, other, number)).status_code == 404


def test_what_somebody_else_did_meanwhile_stops_the_step(dsr: DataSubjectRequest) -> None:
    row = proposed(dsr)
    decides = desk_client(Role.DECISION_MAKER)
    for version in ("", "x", str(dsr.case.version)):
        decides.post(url("extension-approve", dsr, row.pk), {"version": version})
    assert Extension.objects.get().approved_at is None


def test_the_officers_advice_is_seen_by_whoever_approves(dsr: DataSubjectRequest) -> None:
    factories.organisation(dpo="Siri Vern, personvernombud@optimar.example")
    proposed(dsr)
    officer, decides = desk_client(Role.DPO, name="Siri"), desk_client(Role.DECISION_MAKER)
    assert "The data protection officer has given no advice. Nothing waits for it." in decides.read(page(dsr))
    address = url("advice", dsr, dsr.pk, "extension")
    assert "Recorded." in do(officer, address, dsr, text=ADVICE)
    shown = decides.read(page(dsr))
    assert ADVICE in shown
    assert "written down by Siri" in shown
    assert "Advice of the data protection officer on the extension" in shown
    assert ADVICE not in str(list(AuditEntry.objects.values_list("details", flat=True)))


def test_advice_that_cannot_be_kept_is_shown_again(dsr: DataSubjectRequest) -> None:
    factories.organisation(dpo="Siri Vern")
    desk, address = desk_client(), url("advice", dsr, dsr.pk, "extension")
    for bad in ({"text": " "}, {"text": "x" * 4001}, {"text": "a\0b"}, {"text": ADVICE, "version": 0}):
        assert desk.post(address, {"version": fresh(dsr).case.version} | bad).status_code == 422
    assert desk.post(url("advice", dsr, dsr.pk, "weather"), {}).status_code == 404
    assert desk_client(Role.APPROVER).post(address, {"text": ADVICE}).status_code == 403
    factories.force(dsr, Stage.CLOSED, outcome="fulfilled", closed_at=at(9, 20))
    assert desk.post(address, {"text": ADVICE, "version": fresh(dsr).case.version}).status_code == 422
    assert not Advice.objects.exists()


def test_without_an_officer_nobody_is_asked(dsr: DataSubjectRequest) -> None:
    proposed(dsr)
    desk = desk_client()
    shown = desk.read(page(dsr))
    assert "The organisation has no data protection officer, so no advice is asked for." in shown
    assert url("advice", dsr, dsr.pk, "extension") not in shown
    answer = desk.post(url("advice", dsr, dsr.pk, "extension"), {"text": ADVICE, "version": fresh(dsr).case.version})
    assert "The organisation has no data protection officer." in text(answer)


def test_every_reason_has_words() -> None:
    assert set(EXTENSION_REASONS) == {*ExtensionReason, *NoExtensionReason}
