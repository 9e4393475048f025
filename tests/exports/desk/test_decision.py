"""The decision panel: what it shows to whom, and what its buttons do."""

import re
from datetime import UTC, date, datetime

import pytest
from django.http import HttpResponseBase
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone, translation
from time_machine import travel

from exports.demo.people import INGRID
from exports.desk import panels
from exports.domain import register as domain
from exports.domain.enums import TaskState
from exports.models import BundleFile, SystemTask
from exports.services import bundle, bundle_files, collect, deliver, plan, register, requirements
from requests_app.domain.enums import Action, AdviceSubject, Outcome, Right, Role, Stage
from requests_app.domain.grounds import GROUNDS
from requests_app.domain.outcomes import AT_ONCE, outcomes_of
from requests_app.domain.snapshot import Actor
from requests_app.models import AuditEntry, Case, DataSubjectRequest, Decision, Message, Note, Organisation
from requests_app.services import advice, at_once, lifecycle
from tests import factories
from tests.desk_client import DeskClient, desk_client
from tests.exports import scenes
from tests.exports.house import House, planned, task_of


def url(dsr: DataSubjectRequest, name: str, *more: str) -> str:
    """The address of a step."""
    return reverse(f"exports:desk:answer-{name}", args=[dsr.pk, *more])


def panel(client: DeskClient, dsr: DataSubjectRequest) -> str:
    """The panel as the owner of this browser sees it."""
    request = RequestFactory().get("/desk/")
    request.user = client.user
    with translation.override("en"):
        return panels.decision(request, Case.objects.get(pk=dsr.case_id))


def words(html: str) -> str:
    """The words of a piece of HTML."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def hidden(client: DeskClient, dsr: DataSubjectRequest) -> dict[str, str]:
    """What the forms of the panel carry along."""
    found = dict(re.findall(r'<input type="hidden" name="(version|bundle)" value="([^"]*)"', panel(client, dsr)))
    return {name: value for name, value in found.items() if value not in ("", "None")}


def said(client: DeskClient, response: HttpResponseBase) -> str:
    """What the page after a step says about it."""
    assert response.status_code == 302
    messages = list(client.get(reverse("requests:desk:queue")).context["messages"])
    return " ".join(str(message) for message in messages)


@pytest.fixture
def handler(house: House) -> DeskClient:
    """The browser of a handler."""
    return desk_client(Role.HANDLER, name="Hanna")


@pytest.fixture
def approver(house: House) -> DeskClient:
    """The browser of an approver."""
    return desk_client(Role.APPROVER, name="Arne")


def test_before_the_search_there_is_no_panel(handler: DeskClient) -> None:
    assert panel(handler, factories.dsr()) == ""


def test_while_a_system_is_silent_the_panel_says_which_and_nothing_can_be_submitted(handler: DeskClient) -> None:
    scenes.trial()
    dsr = planned()
    collect.run_task(task_of(dsr).pk)
    shown = panel(handler, dsr)
    assert "These systems have not answered" in words(shown)
    assert "Microsoft Dynamics" in words(shown)
    assert "the decision-maker can let the answer go without it" in words(shown)
    handler.post(url(dsr, "draft"), hidden(handler, dsr))
    given = {"outcome": "fulfilled", "version": hidden(handler, dsr)["version"]}
    handler.post(url(dsr, "outcome"), given)
    assert 'aria-disabled="true"' in panel(handler, dsr)
    response = handler.post(url(dsr, "submit"), hidden(handler, dsr))
    assert "these systems have not answered" in said(handler, response)
    assert scenes.fresh(dsr).stage == Stage.DECISION_DRAFT


@pytest.mark.parametrize("right", sorted(set(Right) - AT_ONCE))
def test_each_right_offers_its_own_outcomes_and_grounds(handler: DeskClient, right: Right) -> None:
    dsr = factories.dsr(right)
    DataSubjectRequest.objects.filter(pk=dsr.pk).update(stage=Stage.IN_PROGRESS.value)
    assert handler.post(url(dsr, "draft"), hidden(handler, dsr)).status_code == 302
    shown = panel(handler, dsr)
    assert set(re.findall(r'name="outcome" value="(\w+)"', shown)) == set(outcomes_of(right)) - {
        Outcome.CLOSED_UNVERIFIED
    }
    assert set(re.findall(r'name="grounds" value="(\w+)"', shown)) == set(GROUNDS[right])


def test_what_takes_effect_at_once_is_not_drafted(handler: DeskClient) -> None:
    dsr = factories.dsr(Right.MARKETING_OBJECTION)
    DataSubjectRequest.objects.filter(pk=dsr.pk).update(stage=Stage.IN_PROGRESS.value)
    shown = panel(handler, dsr)
    assert url(dsr, "draft") not in shown
    assert "This takes effect at once" in words(shown)


def test_from_the_draft_to_the_release_by_two(handler: DeskClient, approver: DeskClient) -> None:
    dsr = scenes.searched()
    assert handler.post(url(dsr, "draft"), hidden(handler, dsr)).status_code == 302
    shown = panel(handler, dsr)
    assert "It is put together once the outcome is chosen." in words(shown)
    given = {"outcome": "fulfilled", "reasoning": "", "version": str(Case.objects.get(pk=dsr.case_id).version)}
    assert "Saved." in said(handler, handler.post(url(dsr, "outcome"), given))
    assert "The answer package is being put together." in words(panel(handler, dsr))
    scenes.packed(dsr)
    assert f"{dsr.case.reference}-innsyn.pdf" in panel(handler, dsr)
    assert "Submitted." in said(handler, handler.post(url(dsr, "submit"), hidden(handler, dsr)))
    assert handler.post(url(dsr, "release"), hidden(handler, dsr)).status_code == 403
    shown = panel(handler, dsr)
    assert url(dsr, "release") not in shown
    assert "An approver or the decision-maker" in words(shown)
    shown = panel(approver, dsr)
    assert "Hanna" in shown
    assert 'aria-disabled="true"' not in shown
    assert "released" in said(approver, approver.post(url(dsr, "release"), hidden(approver, dsr)))
    row = Decision.objects.get(dsr=dsr)
    assert (row.prepared_by, row.released_by) == (handler.user, approver.user)


def test_one_person_with_both_roles_cannot_release_alone(house: House) -> None:
    both = desk_client(Role.HANDLER, Role.APPROVER)
    dsr = scenes.in_review(both.user)
    assert "You prepared this answer" in words(panel(both, dsr))
    response = both.post(url(dsr, "release"), hidden(both, dsr))
    assert "You prepared this answer" in said(both, response)
    assert scenes.fresh(dsr).stage == Stage.IN_REVIEW


def test_what_somebody_else_did_meanwhile_stops_the_step(handler: DeskClient) -> None:
    dsr = scenes.searched()
    seen = hidden(handler, dsr)
    other = desk_client(Role.HANDLER)
    other.post(url(dsr, "draft"), hidden(other, dsr))
    assert "in the meantime" in said(handler, handler.post(url(dsr, "draft"), seen))
    assert "in the meantime" in said(handler, handler.post(url(dsr, "submit"), {}))


def test_a_refused_outcome_comes_back_with_everything_that_was_typed(handler: DeskClient) -> None:
    dsr = scenes.searched()
    handler.post(url(dsr, "draft"), hidden(handler, dsr))
    stale = {
        "outcome": "partly_fulfilled", "grounds": ["rights_of_others"], "reasoning": "Et navn er sladdet.",
        "version": "1",
    }  # fmt: skip
    response = handler.post(url(dsr, "outcome"), stale)
    body = response.content.decode()
    assert response.status_code == 422
    assert "Somebody changed the case" in body
    assert "Et navn er sladdet." in body
    assert re.search(r'value="rights_of_others"[^>]* checked', body)
    again = dict(re.findall(r'name="(version)" value="(\d+)"', body))
    assert handler.post(url(dsr, "outcome"), stale | again).status_code == 302


@pytest.mark.parametrize(
    "given,word",
    [
        ({}, "Choose an outcome."),
        ({"outcome": "never_heard_of"}, "Choose one of the outcomes."),
        ({"outcome": "refused"}, "Say why the request is not met in full."),
        ({"outcome": "refused", "reasoning": "Nei."}, "Choose the ground in the law"),
        ({"outcome": "no_data"}, "Something was found"),
        ({"outcome": "partly_fulfilled", "reasoning": " "}, "Say why the request is not met in full."),
        ({"outcome": "partly_fulfilled", "reasoning": "x" * 8001}, "up to 8000 characters"),
    ],
)
def test_a_bad_outcome_gets_a_clear_word(handler: DeskClient, given: dict[str, str], word: str) -> None:
    dsr = scenes.searched()
    handler.post(url(dsr, "draft"), hidden(handler, dsr))
    version = {"version": str(Case.objects.get(pk=dsr.case_id).version)}
    response = handler.post(url(dsr, "outcome"), given | version)
    assert response.status_code == 422
    assert word in response.content.decode()
    assert not Decision.objects.exclude(outcome="").exists()


def test_a_package_that_changed_since_it_was_looked_at_is_not_released(
    handler: DeskClient, approver: DeskClient
) -> None:
    dsr = scenes.in_review(handler.user)
    seen = hidden(approver, dsr)
    Case.objects.filter(pk=dsr.case_id).update(person_name="Ingrid Solvang")
    scenes.packed(dsr)
    assert "not the one you looked at" in said(approver, approver.post(url(dsr, "release"), seen))


def test_a_draft_goes_back_with_a_note(handler: DeskClient, approver: DeskClient) -> None:
    dsr = scenes.in_review(handler.user)
    version = hidden(approver, dsr)["version"]
    response = approver.post(url(dsr, "back"), {"note": "", "version": version})
    assert (response.status_code, "Say what has to be changed." in response.content.decode()) == (422, True)
    approver.post(url(dsr, "back"), {"note": "Ordre 102 mangler.", "version": version})
    assert scenes.fresh(dsr).stage == Stage.DECISION_DRAFT
    assert Note.objects.get(case=dsr.case).text == "Ordre 102 mangler."


def test_staff_look_at_the_very_files_and_each_look_is_recorded(handler: DeskClient, approver: DeskClient) -> None:
    dsr = scenes.in_review(handler.user)
    for file in scenes.current(dsr).files.all():
        response = approver.get(reverse("exports:desk:answer-file", args=[file.pk]))
        assert response.content == bundle_files.read(file)
        assert response.headers["Content-Disposition"].startswith("inline")
        assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert response.headers["Cache-Control"] == "no-store"
    looks = AuditEntry.objects.filter(action="answer.previewed", subject=f"dsr:{dsr.pk}")
    assert {entry.actor for entry in looks} == {f"user:{approver.user.pk}"}
    assert looks.count() == 2


@pytest.mark.parametrize("role", [Role.INTAKE, Role.DPO, Role.SYSTEM_OWNER, Role.AUDITOR, Role.ADMINISTRATOR])
def test_others_see_no_file_and_take_no_step(house: House, role: Role) -> None:
    dsr, client = scenes.in_review(factories.staff()), desk_client(role)
    file = BundleFile.objects.all()[0]
    assert client.get(reverse("exports:desk:answer-file", args=[file.pk])).status_code == 403
    for step in (
        "draft", "outcome", "submit", "release", "build", "offer", "withdraw", "way", "delivered", "told", "tell",
        "nothing-new",
    ):  # fmt: skip
        assert client.post(url(dsr, step)).status_code == 403
    assert client.get(url(dsr, "override", "systems")).status_code == 403
    assert not AuditEntry.objects.filter(action="answer.previewed").exists()


def test_steps_are_taken_by_post_only(handler: DeskClient) -> None:
    dsr = scenes.searched()
    for step in ("draft", "outcome", "submit", "back", "build"):
        assert handler.get(url(dsr, step)).status_code == 405


def test_what_became_of_a_released_answer_is_shown(approver: DeskClient) -> None:
    dsr = scenes.released(approver=approver.user)
    file = scenes.current(dsr).files.get(media_type="application/pdf")
    deliver.fetch(dsr.case, file.pk)
    shown = words(panel(approver, dsr))
    assert "fetched 1 of 5 times" in shown
    assert "The person can fetch it until" in shown
    assert "Arne" in shown
    approver.post(url(dsr, "withdraw"))
    assert "Over since" in words(panel(approver, dsr))
    approver.post(url(dsr, "offer"))
    assert "fetched 0 of 5 times" in words(panel(approver, dsr))


def test_whoever_decides_on_a_refusal_sees_what_the_officer_advised(handler: DeskClient, approver: DeskClient) -> None:
    dsr = scenes.drafted(handler.user)
    Decision.objects.filter(dsr=dsr).update(outcome=Outcome.PARTLY_FULFILLED.value)
    assert "The organisation has no data protection officer" in words(panel(handler, dsr))
    Organisation.objects.update(dpo="Siri Vern")
    officer, said_so = desk_client(Role.DPO, name="Siri"), "Unntaket bokstav e er smalt."
    assert "Write down advice" in words(panel(officer, dsr))
    advice.record(dsr.pk, AdviceSubject.REFUSAL, said_so, actor=officer.user.as_actor())
    for client in (handler, approver):
        assert said_so in words(panel(client, dsr))
    assert "Write down advice" not in words(panel(approver, dsr))
    Decision.objects.filter(dsr=dsr).update(outcome=Outcome.FULFILLED.value)
    assert said_so not in words(panel(handler, dsr))


def test_a_refusal_has_the_month_and_neither_a_question_nor_an_extension_moves_it(
    handler: DeskClient, approver: DeskClient
) -> None:
    dsr = scenes.in_review(handler.user)
    received = datetime(2026, 9, 1, 8, tzinfo=UTC)
    DataSubjectRequest.objects.filter(pk=dsr.pk).update(received_at=received)
    dsr.extensions.create(
        reasons=["volume"], explanation="x", what_comes="y", answer_by=date(2026, 12, 1), proposed_by=handler.user,
        proposed_at=received, approved_by=approver.user, approved_at=received, notice_sent_at=received,
    )  # fmt: skip
    dsr.suspensions.create(kind="identity", ground="mismatch", asked_at=received, answered_at=received.replace(day=9))
    in_time, late = datetime(2026, 10, 1, 21, 59, tzinfo=UTC), datetime(2026, 10, 1, 22, tzinfo=UTC)
    for outcome in (Outcome.REFUSED, Outcome.PARTLY_FULFILLED):
        Decision.objects.filter(dsr=dsr).update(outcome=outcome.value)
        with travel(in_time, tick=False):
            assert "must be told with its reasons by 1 October 2026" in words(panel(approver, dsr))
        with travel(late, tick=False):
            assert "had to be told with its reasons by 1 October 2026" in words(panel(approver, dsr))
    Decision.objects.filter(dsr=dsr).update(outcome=Outcome.FULFILLED.value)
    assert "be told with its reasons by" not in words(panel(approver, dsr))


def test_the_ground_of_an_excessive_request_says_what_does_not_make_it_one(house: House) -> None:
    dsr, maker = scenes.drafted(factories.staff()), desk_client(Role.DECISION_MAKER)
    shown = words(panel(maker, dsr))
    for excuse in ("takes much work", "is rude", "gives no reasons", "means to sue us", "after a year"):
        assert excuse in shown


def test_a_package_can_be_asked_for_once_more(handler: DeskClient) -> None:
    dsr = scenes.drafted(handler.user)
    assert "Put the package together now" in words(panel(handler, dsr))
    assert "put together again" in said(handler, handler.post(url(dsr, "build")))


class TestOverride:
    """Received on Friday 1 May 2026; overrides begin on Wednesday 27 May."""

    @pytest.fixture
    def dsr(self, house: House) -> DataSubjectRequest:
        """A request for which one system is silent and the register lacks something."""
        scenes.trial()
        with travel(datetime(2026, 5, 1, 9, tzinfo=UTC), tick=False):
            dsr = planned()
            scenes.answer_all(dsr)
            SystemTask.objects.filter(dsr=dsr, system="hubspot").update(state=TaskState.OPEN.value)
            Organisation.objects.update(trial=False)
            requirements.review(scenes.fresh(dsr))
        return scenes.fresh(dsr)

    @staticmethod
    def given(**changes: str) -> dict[str, str]:
        """A form as the decision-maker fills it in."""
        return {"reason": "Fristen er nær", "missing": "deg i HubSpot", "promised_on": "2026-06-10"} | changes

    def test_it_is_offered_to_the_decision_maker_in_time_and_to_nobody_else(self, dsr: DataSubjectRequest) -> None:
        maker, handler = desk_client(Role.DECISION_MAKER), desk_client(Role.HANDLER)
        with travel(datetime(2026, 5, 26, 9, tzinfo=UTC), tick=False):
            shown = panel(maker, dsr)
            assert url(dsr, "override", "systems") not in shown
            assert "From 27 May 2026 the decision-maker" in words(shown)
        with travel(datetime(2026, 5, 27, 9, tzinfo=UTC), tick=False):
            shown = panel(maker, dsr)
            assert url(dsr, "override", "systems") in shown
            assert url(dsr, "override", "register") in shown
            assert url(dsr, "override", "delivery_address") not in shown
            assert url(dsr, "override", "systems") not in panel(handler, dsr)

    def test_it_proposes_what_is_missing_in_the_language_of_the_person(self, dsr: DataSubjectRequest) -> None:
        with travel(datetime(2026, 5, 27, 9, tzinfo=UTC), tick=False):
            page = desk_client(Role.DECISION_MAKER).read(url(dsr, "override", "systems"))
        assert 'lang="nb"' in page
        assert re.search(r"<textarea[^>]*name=\"missing\"[^>]*>\s*(deg i|you in) HubSpot</textarea>", page)

    def test_too_early_or_incomplete_it_says_why_and_loses_nothing(self, dsr: DataSubjectRequest) -> None:
        early = desk_client(Role.DECISION_MAKER)
        with travel(datetime(2026, 5, 26, 9, tzinfo=UTC), tick=False):
            response = early.post(url(dsr, "override", "systems"), self.given())
            assert response.status_code == 422
            assert "27 May 2026" in words(response.content.decode())
            assert "Fristen er nær" in response.content.decode()
        with travel(datetime(2026, 5, 27, 9, tzinfo=UTC), tick=False):
            maker = desk_client(Role.DECISION_MAKER)
            for changes in ({"promised_on": "10/06/26x"}, {"promised_on": "2026-05-27"}, {"missing": ""}):
                response = maker.post(url(dsr, "override", "systems"), self.given(**changes))
                assert response.status_code == 422
        assert not dsr.overrides.exists()

    def test_the_letter_says_it_and_the_answer_can_go(self, dsr: DataSubjectRequest) -> None:
        with travel(datetime(2026, 5, 27, 9, tzinfo=UTC), tick=False):
            maker = desk_client(Role.DECISION_MAKER)
            for kind in ("systems", "register"):
                assert maker.post(url(dsr, "override", kind), self.given()).status_code == 302
            assert "lets the answer go without it" in words(panel(maker, dsr))
            maker.post(url(dsr, "draft"), hidden(maker, dsr))
            version = str(Case.objects.get(pk=dsr.case_id).version)
            whole = maker.post(url(dsr, "outcome"), {"outcome": "fulfilled", "version": version})
            assert "met in part only" in whole.content.decode()
            part = {"outcome": "partly_fulfilled", "reasoning": "HubSpot mangler.", "version": version}
            assert maker.post(url(dsr, "outcome"), part).status_code == 302
            kept = scenes.packed(dsr)
            assert maker.post(url(dsr, "submit"), hidden(maker, dsr)).status_code == 302
        assert scenes.fresh(dsr).stage == Stage.IN_REVIEW
        assert kept.files.count() == 2

    def test_a_promise_stays_on_the_panel_until_it_is_kept(self, dsr: DataSubjectRequest) -> None:
        with travel(datetime(2026, 5, 27, 9, tzinfo=UTC), tick=False):
            maker = desk_client(Role.DECISION_MAKER)
            maker.post(url(dsr, "override", "systems"), self.given())
        factories.force(dsr, Stage.RELEASED)
        shown = words(panel(maker, dsr))
        assert "Promised to the person by 10 June 2026" in shown
        assert "deg i HubSpot" in shown


def test_what_the_register_contradicts_itself_about_is_named_until_it_is_settled(
    handler: DeskClient, approver: DeskClient
) -> None:
    dsr = scenes.in_review(handler.user)
    for client in (handler, approver):
        assert "PA08 Direct marketing and networking" in words(panel(client, dsr))
        assert f'{reverse("exports:desk:register")}#activities.PA08"' in panel(client, dsr)
        assert "PA07" not in panel(client, dsr)  # ads are no matter of this answer
    number, current = register.current()
    actor = factories.staff(Role.DECISION_MAKER).as_actor()
    for part in [one for one in current.activities if one.seed_conflict]:
        edit = register.Edit(actor, "Advokaten", number)
        number = register.settle(f"activities.{part.id}", domain.same("Ja."), edit)
    assert "contradicts itself" not in panel(approver, dsr)


def test_a_silent_register_is_named_with_the_way_to_it(house: House, handler: DeskClient) -> None:
    dsr = planned()
    scenes.answer_all(dsr)
    shown = panel(handler, dsr)
    assert "The register does not say the legal name of the company that answers" in words(shown)
    assert re.search(r"and \d+ more things", words(shown))
    assert reverse("exports:desk:register") in shown
    assert "The decision-maker fills in what is missing" in words(shown)


def test_reading_the_panel_writes_nothing(handler: DeskClient) -> None:
    dsr = scenes.in_review(handler.user)
    before = AuditEntry.objects.count()
    panel(handler, dsr)
    assert AuditEntry.objects.count() == before


class TestOtherRights:
    """A deletion that is refused, an ending, and an answer that goes by post."""

    def drafted(self, handler: DeskClient, right: Right, **more: str) -> DataSubjectRequest:
        """Return a request with a draft, its systems searched."""
        scenes.trial()
        dsr = factories.case(right, email=more.get("email", INGRID.email)).dsrs.get()
        plan.locate_and_plan(dsr.pk)
        scenes.answer_all(dsr)
        handler.post(url(dsr, "draft"), hidden(handler, scenes.fresh(dsr)))
        return scenes.fresh(dsr)

    def choose(self, client: DeskClient, dsr: DataSubjectRequest, **given: object) -> HttpResponseBase:
        """Save an outcome."""
        return client.post(url(dsr, "outcome"), given | {"version": hidden(client, dsr)["version"]})

    def test_a_refusal_shows_its_grounds_and_only_the_decision_maker_releases_it(
        self, handler: DeskClient, approver: DeskClient
    ) -> None:
        dsr = self.drafted(handler, Right.ERASURE)
        given = {"outcome": "refused", "reasoning": "En tvist pågår.", "grounds": ["legal_claims"]}
        assert self.choose(handler, dsr, **given).status_code == 302
        bundle.build(dsr.pk)
        assert f"{dsr.case.reference}-sletting.pdf" in panel(handler, dsr)
        assert handler.post(url(dsr, "submit"), hidden(handler, dsr)).status_code == 302
        shown = words(panel(approver, dsr))
        assert "(Article 17(3)(e))" in shown
        assert "En tvist pågår." in shown
        assert "Only the decision-maker" in shown
        maker = desk_client(Role.DECISION_MAKER)
        assert "released" in said(maker, maker.post(url(dsr, "release"), hidden(maker, dsr)))

    def test_an_ending_shows_the_mail_before_it_goes(self, handler: DeskClient, approver: DeskClient) -> None:
        dsr = self.drafted(handler, Right.ERASURE)
        assert "plain mail" in said(handler, self.choose(handler, dsr, outcome="withdrawn_by_requester"))
        handler.post(url(dsr, "submit"), hidden(handler, dsr))
        shown = words(panel(approver, dsr))
        assert "Du har gitt beskjed om at du trekker det" in shown
        assert "The package" not in shown

    def test_an_answer_by_post_is_recorded_and_closes(self, handler: DeskClient, approver: DeskClient) -> None:
        dsr = self.drafted(handler, Right.ERASURE)
        given = {"outcome": "refused", "reasoning": "En tvist pågår.", "grounds": ["legal_claims"]}
        self.choose(handler, dsr, **given)
        way = {"way": "post", "address": "Storgata 1\n0155 Oslo", "version": hidden(handler, dsr)["version"]}
        unsure = handler.post(url(dsr, "way"), way)
        assert (unsure.status_code, "Storgata 1" in unsure.content.decode()) == (422, True)
        assert handler.post(url(dsr, "way"), way | {"checked": "on"}).status_code == 302
        assert "it must be posted by" in words(panel(handler, dsr))
        bundle.build(dsr.pk)
        handler.post(url(dsr, "submit"), hidden(handler, dsr))
        maker = desk_client(Role.DECISION_MAKER)
        assert "Print it" in said(maker, maker.post(url(dsr, "release"), hidden(maker, dsr)))
        deliver.announce(dsr.pk)
        day = {"on": timezone.localdate().isoformat(), "version": hidden(handler, dsr)["version"]}
        assert "Recorded." in said(handler, handler.post(url(dsr, "delivered"), day))
        assert scenes.fresh(dsr).stage == Stage.CLOSED
        assert "By post" in words(panel(handler, dsr))

    def test_what_took_effect_at_once_is_recorded_as_told(self, handler: DeskClient) -> None:
        dsr = factories.case(Right.MARKETING_OBJECTION, email="").dsrs.get()
        plan.locate_and_plan(dsr.pk)
        shown = panel(handler, dsr)
        assert "Tell the person in another way that it has taken effect" in words(shown)
        given = {"way": "phone", "on": timezone.localdate().isoformat(), "version": hidden(handler, dsr)["version"]}
        assert handler.post(url(dsr, "told"), given | {"on": "2026-13-01"}).status_code == 422
        assert "Recorded." in said(handler, handler.post(url(dsr, "told"), given))
        assert scenes.fresh(dsr).answer_sent_at is not None


class TestHeldBack:
    """Something has taken effect, and the person is not told of it by mail."""

    def reopened(self, actor: Actor) -> DataSubjectRequest:
        """A withdrawal of which the person was told, and which is worked on again."""
        dsr = factories.dsr(Right.MARKETING_OBJECTION)
        plan.locate_and_plan(dsr.pk)
        at_once.confirm(dsr.pk)
        Message.objects.filter(dsr=dsr).update(state="sent", sent_at=timezone.now())
        lifecycle.advance(dsr.pk, Action.REOPEN, actor, note="Nettstedet sendte igjen.")
        at_once.confirm(dsr.pk)
        return dsr

    def test_what_the_person_knows_is_closed_without_a_letter_or_told_once_more(self, handler: DeskClient) -> None:
        dsr = self.reopened(handler.user.as_actor())
        shown = panel(handler, dsr)
        assert "The confirmation is held back. The person was told of this already" in words(shown)
        assert url(dsr, "told") not in shown
        assert url(dsr, "tell") in shown
        assert "Recorded." in said(handler, handler.post(url(dsr, "nothing-new")))
        again = self.reopened(handler.user.as_actor())
        assert "on its way" in said(handler, handler.post(url(again, "tell")))
        assert Message.objects.filter(dsr=again, intent="confirmation").count() == 2
        assert "cannot be done from there" in said(handler, handler.post(url(again, "tell")))

    def test_a_brake_says_so_and_lets_a_person_send_it(self, handler: DeskClient) -> None:
        dsrs = [factories.dsr(Right.MARKETING_OBJECTION) for _ in range(4)]
        for dsr in dsrs:
            plan.locate_and_plan(dsr.pk)
        for dsr in dsrs[:3]:
            at_once.confirm(dsr.pk)
        assert "several confirmations within a day. It follows by itself." in words(panel(handler, dsrs[3]))
        assert "on its way" in said(handler, handler.post(url(dsrs[3], "tell")))

    def test_where_no_mail_can_go_none_is_offered(self, handler: DeskClient) -> None:
        dsr = factories.case(Right.MARKETING_OBJECTION, email="").dsrs.get()
        plan.locate_and_plan(dsr.pk)
        shown = panel(handler, dsr)
        assert "there is no e-mail address to confirm it to" in words(shown)
        assert (url(dsr, "tell") in shown, url(dsr, "told") in shown) == (False, True)
        assert "no e-mail address" in said(handler, handler.post(url(dsr, "tell")))

    def test_a_withdrawal_for_another_says_what_it_waits_for(self, handler: DeskClient) -> None:
        dsr = factories.dsr(Right.MARKETING_OBJECTION)
        Case.objects.filter(pk=dsr.case_id).update(requester="representative")
        plan.locate_and_plan(dsr.pk)
        at_once.confirm(dsr.pk)
        shown = panel(handler, dsr)
        assert "This cannot be answered yet. Whom it concerns: nobody is blocked for the person" in words(shown)
        assert url(dsr, "told") not in shown
