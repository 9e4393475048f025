"""The panel and pages of a deletion, as handler, approver and others see and use them."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from exports.domain.enums import Measure, TaskState
from exports.models import ErasurePlan
from exports.services import collect, erasure_run, uses
from requests_app.domain.enums import DeliveryWay, Right, Role
from requests_app.models import Decision, LegalHold
from tests import factories
from tests.desk_client import DeskClient, desk_client, text
from tests.exports.erasures import (
    Store,
    again,
    approved,
    begun,
    erase_task,
    fresh,
    line_of,
    ordered,
    pass_the_window,
    proposed,
    searched,
    set_up,
    submitted,
)  # fmt: skip
from tests.exports.house import House

pytestmark = pytest.mark.django_db


def page(plan: ErasurePlan, step: str = "") -> str:
    """The address of the plan, or of a step with it."""
    return reverse(f"exports:desk:erasure{'-' if step else ''}{step}", args=[plan.dsr_id])


def case_page(plan: ErasurePlan) -> str:
    return reverse("requests:desk:case", args=[plan.dsr.case.reference])


def words_of(activity: str) -> str:
    """What the register calls a use of data."""
    return uses.names("en")[activity]


def do(desk: DeskClient, plan: ErasurePlan, step: str, **more: object) -> str:
    """Press a button of the plan as it is now, and read the page that follows."""
    given = {"version": fresh(plan.dsr).case.version, **more}
    return text(desk.post(page(plan, step), given, follow=True))


def is_primary(shown: str, words: str) -> bool:
    """Whether the button or link with these words is the one that stands out."""
    found = re.search(rf"<(?:a|button)[^<>]*>{words}", shown)
    assert found, f"there is no {words!r}"
    return "data-variant" not in found[0]


def test_the_whole_way_by_two_persons(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    set_up(monkeypatch, Store("website", [("PA03",), ("PA08", "consent_proof"), ("bookkeeping",)]))
    plan = proposed()
    handler, approver = desk_client(), desk_client(Role.APPROVER)
    assert "The plan is a proposal" in handler.read(case_page(plan))
    shown = handler.read(page(plan))
    assert "What is deleted" in shown
    assert "What stays" in shown
    assert "A legal obligation to keep the data (Article 17(3)(b))" in shown
    assert "HubSpot" in shown  # who is told
    assert "block list" in shown
    assert "The register does not say how long backups are kept." in shown
    assert "Submitted." in do(handler, plan, "submit")
    assert "Approve the deletion" not in handler.read(page(plan))
    assert "Approved. The deletion begins" in do(approver, plan, "approve")
    assert "Take the approval back" in handler.read(case_page(plan))
    pass_the_window(plan)
    erasure_run.begin(plan.dsr_id)
    assert "0 of 1 parts are done" in handler.read(case_page(plan))
    collect.run_task(erase_task(plan).pk)
    done = handler.read(case_page(plan))
    assert "Carried out" in done
    assert "Looked at once more" in done


def test_before_there_is_a_plan_the_panel_says_what_it_waits_for(house: House) -> None:
    dsr = searched()
    assert "A plan is made from what the systems hold" in desk_client().read(
        reverse("requests:desk:case", args=[dsr.case.reference])
    )
    assert "There is no plan" not in desk_client().read(reverse("exports:desk:erasure", args=[dsr.pk]))


def test_a_case_without_a_deletion_has_no_panel(house: House) -> None:
    plan = proposed(Right.ERASURE)
    plan.dsr.case.dsrs.update(right=Right.RESTRICTION)
    assert 'id="erasure-' not in desk_client().read(case_page(plan))


def test_a_line_is_changed_and_the_plan_shows_it(house: House) -> None:
    plan, desk = proposed(), desk_client()
    line = line_of(plan, "PA08")
    address = reverse("exports:desk:erasure-line", args=[line.pk])
    assert "Direct marketing" in desk.read(address)
    given = {
        "measure": "keep", "ground": "legal_claims", "kept_until": "2099-12-31", "reason": "Krav om erstatning",
        "version": fresh(plan.dsr).case.version,
    }  # fmt: skip
    refused = desk.post(address, given | {"reason": ""})
    assert refused.status_code == 422
    assert "Say why the data is kept until that day" in text(refused)
    assert desk.post(address, given).status_code == 302
    assert "Krav om erstatning" in desk.read(page(plan))


def test_a_line_without_rows_of_its_own_says_what_becomes_of_them(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(monkeypatch, Store("website", [("PA04", "bookkeeping"), ("PA03", "PA08")]))
    plan, desk = proposed(), desk_client()
    shown = desk.read(page(plan))
    assert "Nothing happens here: the rows are also used for Bookkeeping" in shown  # PA04: all of it stays
    assert f"Counted with {words_of('PA03')}." in shown  # PA08 goes with the same row
    assert shown.count("none of its own") == 2
    plan.lines.filter(activity__in=["PA03", "PA08"]).delete()
    assert "Is deleted: nothing, 1 use of data" in desk.read(case_page(plan))


def test_the_plan_shows_what_the_rows_that_stay_do_without(house: House) -> None:
    plan = begun()
    assert "Order: Comment (" in desk_client().read(page(plan))
    by_hand = reverse("exports:desk:erasure-task", args=[erase_task(plan).pk])  # the website may only be read
    assert "can do without some of their fields" in desk_client().read(by_hand)


def test_the_end_of_a_duty_is_shown_and_not_asked_for(house: House) -> None:
    line = line_of(proposed(), "bookkeeping")
    shown = desk_client().read(reverse("exports:desk:erasure-line", args=[line.pk]))
    assert "the day is computed from what was found" in shown
    assert 'name="kept_until"' not in shown


def test_a_part_is_left_out_and_put_in_again(house: House) -> None:
    plan, desk = proposed(), desk_client()
    address = reverse("exports:desk:erasure-line", args=[line_of(plan, "PA08").pk])
    desk.post(address, {"measure": "outside", "version": fresh(plan.dsr).case.version})
    assert not plan.lines.filter(activity="PA08").exists()
    assert desk.get(address).status_code == 404
    do(desk, plan, "include")
    assert plan.lines.filter(activity="PA08").exists()


def test_what_somebody_else_did_meanwhile_stops_the_step_and_keeps_what_was_typed(house: House) -> None:
    plan, desk = proposed(), desk_client()
    old = fresh(plan.dsr).case.version
    do(desk_client(), plan, "submit")
    address = reverse("exports:desk:erasure-line", args=[line_of(plan, "PA08").pk])
    stopped = desk.post(address, {"measure": "restrict", "reason": "Krav om retting", "version": old})
    assert stopped.status_code == 422
    assert "Somebody changed the case" in text(stopped)
    assert "Krav om retting" in text(stopped)
    assert line_of(plan, "PA08").measure == Measure.DELETE


def test_the_button_of_who_prepared_says_why_not(house: House) -> None:
    desk = desk_client(Role.DECISION_MAKER)
    plan = submitted(desk.user)
    shown = desk.read(page(plan))
    assert 'aria-describedby="approve-plan-reason"' in shown
    assert "You prepared this plan. Somebody else must approve it." in shown
    assert "Somebody else must approve it" in do(desk, plan, "approve")
    assert again(plan).approved_at is None


def test_a_double_click_approves_once(house: House) -> None:
    plan, desk = submitted(desk_client().user), desk_client(Role.APPROVER)
    version = fresh(plan.dsr).case.version
    assert "Approved." in do(desk, plan, "approve", version=version)
    assert "Somebody changed the case" in do(desk, plan, "approve", version=version)


@pytest.mark.parametrize(
    "step,roles,code",
    [
        ("submit", (Role.APPROVER,), 403),
        ("include", (Role.APPROVER,), 403),
        ("approve", (Role.HANDLER,), 403),
        ("cancel", (Role.INTAKE,), 403),
        ("cancel", (Role.APPROVER,), 302),
        ("cancel", (Role.HANDLER,), 302),
        ("hold", (Role.APPROVER,), 403),
        ("lift", (Role.DPO,), 403),
        ("", (Role.AUDITOR,), 403),
    ],
)
def test_who_may_do_what(house: House, step: str, roles: tuple[Role, ...], code: int) -> None:
    plan, desk = approved(), desk_client(*roles)
    answer = desk.post(page(plan, step), {"version": fresh(plan.dsr).case.version}) if step else desk.get(page(plan))
    assert answer.status_code == code


def test_a_legal_hold_bars_the_approval(house: House) -> None:
    plan, desk = submitted(desk_client().user), desk_client(Role.DECISION_MAKER)
    empty = desk.post(page(plan, "hold"), {"version": fresh(plan.dsr).case.version})
    assert empty.status_code == 422
    review = (timezone.localdate() + timedelta(days=30)).isoformat()
    assert "legal hold on the case" in do(desk, plan, "hold", reason="Krav om erstatning", review_on=review)
    assert "A legal hold is on the case" in desk.read(page(plan))
    assert "Nothing is deleted" in do(desk, plan, "approve")
    assert "lifted" in do(desk, plan, "lift")
    assert not LegalHold.objects.standing().exists()
    assert "Approved." in do(desk, plan, "approve")


def test_a_failed_system_names_the_table_and_can_be_tried_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store("website", [("PA03",)], needed="invoices")
    set_up(monkeypatch, store)
    plan, desk = begun(), desk_client()
    collect.run_task(erase_task(plan).pk)
    shown = desk.read(case_page(plan))
    assert "Other rows in the system still refer to the rows that should go." in shown
    assert "invoices" in shown
    store.needed = ""
    desk.post(reverse("exports:desk:task-retry", args=[erase_task(plan).pk]))
    collect.run_task(erase_task(plan).pk)
    assert erase_task(plan).state == TaskState.DONE


def test_what_is_done_by_hand_is_signed(house: House) -> None:
    plan, desk = begun(by_hand=("hubspot",)), desk_client()
    task = erase_task(plan, "hubspot")
    plain = reverse("exports:desk:task", args=[task.pk])
    address = reverse("exports:desk:erasure-task", args=[task.pk])
    assert desk.get(plain)["Location"] == address
    shown = desk.read(address)
    assert "choose the permanent deletion" in shown
    assert "Direct marketing" in shown
    refused = desk.post(address, {"outcome": "done"})
    assert refused.status_code == 422
    assert "Search the system once more" in text(refused)
    following = desk.post(address, {"outcome": "done", "looked_again": "on", "note": "Slettet"})
    assert following["Location"] == reverse("exports:desk:erasure-task", args=[erase_task(plan).pk])
    assert desk.user.name in desk.read(address)
    last = desk.post(following["Location"], {"outcome": "accepted", "finishes_on": "2099-01-31"})
    assert last["Location"].startswith(case_page(plan))
    assert "31 January 2099" in desk.read(case_page(plan))


def test_who_answers_after_a_colleague_reads_both_answers(house: House) -> None:
    task, second = erase_task(begun(by_hand=("hubspot",)), "hubspot"), desk_client()
    address = reverse("exports:desk:erasure-task", args=[task.pk])
    desk_client().post(address, {"outcome": "done", "looked_again": "on", "note": "Slettet av den første"})
    refused = second.post(address, {"outcome": "not_found", "note": "Søkt av den andre"})
    assert refused.status_code == 422
    shown = text(refused)
    assert "The task has its answer already." in shown
    assert "Slettet av den første" in shown
    assert "Søkt av den andre" in shown


def test_what_has_to_stay_says_on_which_ground(house: House) -> None:
    task, desk = erase_task(begun(by_hand=("hubspot",)), "hubspot"), desk_client()
    address = reverse("exports:desk:erasure-task", args=[task.pk])
    kept = {"outcome": "kept", "ground": "legal_claims", "kept_until": "2099-01-31", "note": "En sak pågår."}
    assert desk.post(address, kept).status_code == 302
    shown = desk.read(address)
    assert "Article 17(3)(e)" in shown
    assert "31 January 2099" in shown


def test_the_plan_is_what_stands_out_while_it_is_the_next_step(house: House) -> None:
    plan, handler, approver = proposed(), desk_client(), desk_client(Role.APPROVER)
    shown = handler.get(case_page(plan)).text
    assert is_primary(shown, "Look at the plan")
    assert not is_primary(shown, "Draft the answer")
    assert not is_primary(approver.get(case_page(plan)).text, "Look at the plan")
    do(handler, plan, "submit")
    assert is_primary(approver.get(case_page(plan)).text, "Look at the plan")
    assert not is_primary(handler.get(case_page(plan)).text, "Look at the plan")


def test_the_tasks_of_a_deletion_stand_in_its_panel_alone(house: House) -> None:
    plan = begun(by_hand=("hubspot",))
    address = reverse("exports:desk:erasure-task", args=[erase_task(plan, "hubspot").pk])
    plain = reverse("exports:desk:task", args=[erase_task(plan, "hubspot").pk])
    shown = desk_client().get(case_page(plan)).text
    assert shown.count(f'href="{address}"') == 1
    assert f'href="{plain}"' not in shown


def test_everything_is_put_in_again_only_where_something_is_left_out(house: House) -> None:
    plan, desk = proposed(by_hand=("hubspot",)), desk_client()
    again_words = "Put everything in that was found"
    assert again_words not in desk.read(page(plan))
    out = {"measure": "outside", "version": fresh(plan.dsr).case.version}
    desk.post(reverse("exports:desk:erasure-line", args=[line_of(plan, "PA08", "hubspot").pk]), out)
    assert again_words in desk.read(page(plan))


def test_a_task_that_is_no_part_of_a_deletion_has_no_such_page(house: House) -> None:
    read = proposed().dsr.tasks.filter(action="read").first()
    assert read is not None
    assert desk_client().get(reverse("exports:desk:erasure-task", args=[read.pk])).status_code == 404


def test_the_history_tells_the_deletion(house: House) -> None:
    plan = approved()
    shown = desk_client().read(case_page(plan))
    for words in ("A plan of the deletion was made", "submitted for approval", "The deletion was approved"):
        assert words in shown


def test_an_order_is_open_on_the_case_until_somebody_writes_down_that_it_is_carried_out(house: House) -> None:
    plan, desk = ordered(), desk_client()
    task = erase_task(plan, "hubspot")
    waiting = "Ordered from vendors, and not known to be carried out yet"
    assert waiting in desk.read(case_page(plan))
    address, step = (reverse(f"exports:desk:erasure-{name}", args=[task.pk]) for name in ("task", "order"))
    assert "Has the vendor carried it out?" in desk.read(address)
    refused = desk.post(step, {"outcome": "done", "note": "Søkt på e-post"})
    assert refused.status_code == 422
    assert "Search the system once more" in text(refused)
    for one in (task, erase_task(plan)):
        given = {"outcome": "done", "looked_again": "on", "note": "Søkt på e-post"}
        saved = desk.post(reverse("exports:desk:erasure-order", args=[one.pk]), given, follow=True)
        assert "The person is told once everything that was ordered is carried out." in text(saved)
    shown = desk.read(address)
    assert "Has the vendor carried it out?" not in shown
    assert desk.user.name in shown
    assert "Ordered from the vendor" in shown
    assert waiting not in desk.read(case_page(plan))
    assert "what was ordered is carried out" in desk.read(case_page(plan))


def test_who_settles_an_order_after_a_colleague_reads_both(house: House) -> None:
    step = reverse("exports:desk:erasure-order", args=[erase_task(ordered()).pk])
    desk_client().post(step, {"outcome": "failed", "note": "Ligger der ennå"})
    refused = desk_client().post(step, {"outcome": "done", "looked_again": "on", "note": "Søkt av den andre"})
    assert refused.status_code == 422
    for words in ("A colleague has written down", "Ligger der ennå", "Søkt av den andre", "has not carried out"):
        assert words in text(refused)


def test_whom_no_mail_reaches_is_told_by_the_staff(house: House) -> None:
    plan, desk = ordered(), desk_client()
    Decision.objects.filter(dsr=plan.dsr).update(delivery_way=DeliveryWay.POST.value)
    untold = "No mail tells the person"
    for system in ("website", "hubspot"):
        assert untold not in desk.read(case_page(plan))
        step = reverse("exports:desk:erasure-order", args=[erase_task(plan, system).pk])
        desk.post(step, {"outcome": "done", "looked_again": "on", "note": "Søkt"})
    assert untold in desk.read(case_page(plan))


@pytest.mark.parametrize("role,code", [(Role.HANDLER, 302), (Role.APPROVER, 403), (Role.AUDITOR, 403)])
def test_who_may_settle_an_order(house: House, role: Role, code: int) -> None:
    step = reverse("exports:desk:erasure-order", args=[erase_task(ordered()).pk])
    given = {"outcome": "done", "looked_again": "on", "note": "Søkt"}
    assert desk_client(role).post(step, given).status_code == code


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_pages_of_an_order_are_there_in_both_languages(house: House, language: str) -> None:
    plan, desk = ordered(), desk_client(language=language)
    addresses = (case_page(plan), page(plan), reverse("exports:desk:erasure-task", args=[erase_task(plan).pk]))
    for address in addresses:
        assert f'<html lang="{language}"' in desk.get(address).text


def test_a_plan_that_was_carried_out_before_can_be_read_and_not_changed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(monkeypatch, Store("website", [("PA03",), ("bookkeeping",)]))
    plan, desk = begun(), desk_client()
    task = erase_task(plan)
    collect.run_task(task.pk)
    assert "An earlier plan was carried out" not in desk.read(case_page(plan))
    address = reverse("exports:desk:erasure-earlier", args=[plan.pk])
    assert desk.get(address).status_code == 404
    desk.post(reverse("exports:desk:task-reopen", args=[plan.dsr.tasks.get(system="hubspot", action="read").pk]))
    assert f'href="{address}"' in desk.get(case_page(plan)).text
    shown = desk.get(address).text
    for words in ("Carried out", "Looked at once more", "Bookkeeping", str(plan.prepared_by), str(plan.approved_by)):
        assert words in shown
    assert 'method="post"' not in shown[shown.index("<main") : shown.index("</main")]
    assert reverse("exports:desk:erasure-line", args=[line_of(plan, "PA03").pk]) not in shown
    of_task = desk.read(reverse("exports:desk:erasure-task", args=[task.pk]))
    assert "This belongs to an earlier plan of the deletion" in of_task
    for language in ("nb", "en"):
        assert f'<html lang="{language}"' in desk_client(language=language).get(address).text


def test_the_end_of_a_duty_is_computed_from_the_day_of_its_newest_document(house: House) -> None:
    task, desk = erase_task(begun(by_hand=("hubspot",)), "hubspot"), desk_client()
    address = reverse("exports:desk:erasure-task", args=[task.pk])
    shown = desk.read(address)
    assert "Bookkeeping: the Bookkeeping Act, section 13" in shown
    assert 'value="legal_obligation"' not in desk.get(address).text
    refused = desk.post(address, {"outcome": "kept", "ground": "duty:bookkeeping", "kept_until": "2099-01-31"})
    assert refused.status_code == 422
    assert "Give the day of the newest document" in text(refused)
    year = timezone.localdate().year
    given = {"outcome": "kept", "ground": "duty:bookkeeping", "newest_on": f"{year - 1}-03-08"}
    assert f"The data is kept until 31 December {year + 4}." in text(desk.post(address, given, follow=True))
    for words in ("The Bookkeeping Act, section 13", f"8 March {year - 1}", f"Until 31 December {year + 4}"):
        assert words in desk.read(address)


def test_the_handler_says_whether_a_complaint_is_about_the_deletion(house: House) -> None:
    plan = submitted(factories.staff(), Right.ERASURE, Right.COMPLAINT)
    handler, approver = desk_client(), desk_client(Role.APPROVER)
    complaint = plan.dsr.case.dsrs.get(right=Right.COMPLAINT)
    address = reverse("exports:desk:complaint-scope", args=[plan.dsr_id, complaint.pk])
    assert "Say first whether the complaint is about this deletion." in do(approver, plan, "approve")
    assert again(plan).approved_at is None
    assert "Is the complaint about what this deletion deletes, or how?" in handler.read(case_page(plan))
    assert "Yes, it is about the deletion" not in approver.read(case_page(plan))
    assert approver.post(address, {"about": "no"}).status_code == 403

    def say(about: str) -> str:
        given = {"about": about, "version": fresh(plan.dsr).case.version}
        return text(handler.post(address, given, follow=True))

    assert "the deletion goes on." in say("no")
    assert "nothing is deleted before the complaint is answered" in say("yes")
    say("perhaps")
    assert "nothing is deleted before the complaint is answered" in handler.read(case_page(plan))
    say("no")
    assert "Approved. The deletion begins" in do(approver, plan, "approve")
