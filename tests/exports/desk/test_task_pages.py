"""The tasks panel and the page of one task, as staff use them."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation

from exports.demo.people import INGRID
from exports.desk import panels
from exports.domain.enums import TaskState
from exports.models import SystemTask
from exports.services import collect, plan, taken_back, tasks
from identity.models import ContactPoint, User
from requests_app.domain.enums import Right, Role, Stage
from requests_app.models import AuditEntry, Case, DataSubjectRequest
from requests_app.services import marketing
from tests import factories
from tests.exports.house import House, answer_the_rest, planned, task_of
from tests.identity import scenes

PDF = b"%PDF-1.7\nhubspot\nstartxref\n9\n%%EOF"


@pytest.fixture
def handler(house: House, client: Client) -> User:
    """A handler who is signed in and reads English."""
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return scenes.signed_in(client, factories.staff(Role.HANDLER))


def page(task: SystemTask, name: str = "task") -> str:
    """The address of a page of a task."""
    return reverse(f"exports:desk:{name}", args=[task.pk])


def case_page(dsr: DataSubjectRequest) -> str:
    """The address of the page of a case."""
    return reverse("requests:desk:case", args=[dsr.case.reference])


def panel(user: User, case: Case) -> str:
    """The tasks panel as this person sees it."""
    request = RequestFactory().get("/desk/")
    request.user = user
    with translation.override("en"):
        return panels.tasks(request, case)


def test_the_panel_lists_every_system_with_its_state(house: House, handler: User) -> None:
    dsr = planned()
    collect.run_task(task_of(dsr).pk)
    shown = panel(handler, dsr.case)
    for task in dsr.tasks.all():
        assert page(task) in shown
    assert f"{task_of(dsr).rows} " in shown
    assert '<span class="count">1 of 11</span>' in shown


def test_the_panel_of_who_may_not_work_on_tasks_has_nothing_to_press(house: House) -> None:
    dsr = planned()
    shown = panel(factories.staff(Role.APPROVER), dsr.case)
    assert "HubSpot" in shown
    assert "<form" not in shown
    assert page(task_of(dsr)) not in shown


def test_the_panel_says_what_is_wrong_with_a_system(house: House, handler: User) -> None:
    dsr = planned()
    house.dataset.write_text("dataset: [{}]\n", encoding="utf-8")
    collect.run_task(task_of(dsr).pk)
    shown = panel(handler, dsr.case)
    assert "website.dataset.yaml:1: dataset" in shown
    assert page(task_of(dsr), "task-retry") in shown


def test_a_case_without_anything_to_search_has_no_panel(house: House, handler: User) -> None:
    case = factories.case()
    case.dsrs.update(right="complaint")
    assert panel(handler, case) == ""


def test_nothing_found_is_two_clicks_and_leads_to_the_next(house: House, handler: User, client: Client) -> None:
    dsr = planned()
    first, second = task_of(dsr, "dynamics"), task_of(dsr, "hubspot")
    opened = client.get(page(first))
    assert "not_found" in opened.text
    assert client.post(page(first), {"outcome": "not_found"})["Location"] == page(second)
    first.refresh_from_db()
    assert (first.state, first.done_by) == (TaskState.NOT_FOUND, handler)


def test_after_the_last_one_comes_the_case(house: House, handler: User, client: Client) -> None:
    dsr = planned()
    last = task_of(dsr, "mailbox")
    SystemTask.objects.filter(dsr=dsr, system="mailbox").update(state=TaskState.FAILED.value)
    answer_the_rest(dsr)
    assert client.post(page(last), {"outcome": "not_found"})["Location"] == case_page(dsr)


def test_the_page_says_what_to_do_and_by_what_to_search(house: House, handler: User, client: Client) -> None:
    shown = client.get(page(task_of(planned(), "hubspot")))
    assert "Find the contact in HubSpot" in shown.text
    assert INGRID.email in shown.text
    assert INGRID.email not in shown.text[: shown.text.index("</title>")]


def test_what_was_found_is_kept_with_file_and_contact(house: House, handler: User, client: Client) -> None:
    dsr = planned()
    task = task_of(dsr, "hubspot")
    given = {
        "outcome": "done",
        "note": "Kontaktkortet ligger ved.",
        "evidence": SimpleUploadedFile("kort.pdf", PDF),
        "contact": "ingrid@old.example",
    }
    client.post(page(task), given)
    task.refresh_from_db()
    assert (task.state, task.note, task.evidence_name) == (TaskState.DONE, "Kontaktkortet ligger ved.", "kort.pdf")
    assert ContactPoint.objects.filter(case=dsr.case, value="ingrid@old.example", system="hubspot").exists()
    answered = client.get(page(task))
    assert "kort.pdf" in answered.text
    file = client.get(page(task, "task-evidence"))
    assert b"".join(file.streaming_content) == PDF  # type: ignore[attr-defined]
    assert file["Content-Disposition"] == 'attachment; filename="kort.pdf"'
    assert file["Content-Type"] == "application/pdf"


@pytest.mark.parametrize(
    "given, field",
    [
        ({"outcome": "done"}, "note"),
        ({"outcome": "done", "note": "x", "contact": "nobody"}, "contact"),
        ({"outcome": "done", "note": "x" * (tasks.LONGEST_NOTE + 1)}, "note"),
        ({"outcome": "done", "note": "a\0b"}, "note"),
    ],
)
def test_a_mistake_is_told_beside_its_field_and_what_was_typed_stays(
    house: House, handler: User, client: Client, given: dict[str, str], field: str
) -> None:
    task = task_of(planned(), "hubspot")
    shown = client.post(page(task), given)
    assert shown.status_code == 422
    assert list(shown.context["form"].errors) == [field]
    assert shown.context["form"]["note"].value() == given.get("note")
    task.refresh_from_db()
    assert task.state == TaskState.OPEN


@pytest.mark.parametrize(
    "name, content",
    [
        ("tom.pdf", b""),
        ("program.pdf", b"MZ\x90\x00\x03"),
        ("avkortet.pdf", b"%PDF-1.7 and then nothing a reader could open"),
        ("stor.pdf", PDF[:5] + b"x" * 10_485_760 + PDF[5:]),
    ],
)
def test_a_file_that_is_not_taken_is_told_and_the_note_stays(
    house: House, handler: User, client: Client, name: str, content: bytes
) -> None:
    task = task_of(planned(), "hubspot")
    file = BytesIO(content)
    file.name = name
    shown = client.post(page(task), {"outcome": "done", "note": "Se vedlegg", "evidence": file})
    assert shown.status_code == 422
    assert list(shown.context["form"].errors) == ["evidence"]
    assert "Se vedlegg" in shown.text
    assert house.files() == []


@pytest.mark.parametrize("pressed", ["not_found", "cannot_identify"])
def test_a_finding_is_not_lost_behind_the_wrong_button(
    house: House, handler: User, client: Client, pressed: str
) -> None:
    task = task_of(planned(), "hubspot")
    given = {"outcome": pressed, "note": "Se vedlegg", "evidence": SimpleUploadedFile("kort.pdf", PDF)}
    shown = client.post(page(task), given)
    assert shown.status_code == 422
    assert list(shown.context["form"].errors) == ["evidence"]
    assert "Se vedlegg" in shown.text
    task.refresh_from_db()
    assert (task.state, task.evidence_name) == (TaskState.OPEN, "")


def test_a_system_that_cannot_recognise_anybody(house: House, handler: User, client: Client) -> None:
    task = task_of(planned(), "ga")
    client.post(page(task), {"outcome": "cannot_identify", "note": ""})
    task.refresh_from_db()
    assert (task.state, task.cannot_identify) == (TaskState.NOT_FOUND, True)
    assert "Cannot be recognised" in client.get(page(task)).text


def test_the_second_of_two_who_answer_at_once_is_told(house: House, handler: User, client: Client) -> None:
    task = task_of(planned(), "hubspot")
    client.post(page(task), {"outcome": "not_found"})
    shown = client.post(page(task), {"outcome": "done", "note": "Jeg fant noe"})
    assert shown.status_code == 422
    assert "already" in str(shown.context["form"].errors)
    task.refresh_from_db()
    assert task.state == TaskState.NOT_FOUND


def test_an_answer_can_be_taken_back(house: House, handler: User, client: Client) -> None:
    task = task_of(planned(), "hubspot")
    client.post(page(task), {"outcome": "not_found", "note": "Ingen treff"})
    assert client.post(page(task, "task-reopen"))["Location"] == page(task)
    again = client.get(page(task))
    assert again.context["form"]["note"].value() == "Ingen treff"


def test_a_failed_system_can_be_tried_again_from_the_panel(house: House, handler: User, client: Client) -> None:
    dsr = planned()
    text = house.dataset.read_text(encoding="utf-8")
    house.dataset.unlink()
    collect.run_task(task_of(dsr).pk)
    assert "website.dataset.yaml" in client.get(page(task_of(dsr))).text
    house.dataset.write_text(text, encoding="utf-8")
    assert client.post(page(task_of(dsr), "task-retry"))["Location"] == case_page(dsr)
    assert (task_of(dsr).state, task_of(dsr).round) == (TaskState.OPEN, 2)


def test_with_the_approver_the_task_only_says_why_not(house: House, handler: User, client: Client) -> None:
    dsr = planned()
    DataSubjectRequest.objects.filter(pk=dsr.pk).update(stage=Stage.IN_REVIEW.value)
    shown = client.get(page(task_of(dsr, "hubspot")))
    assert "Tasks are worked on while it is in progress" in shown.text
    assert 'name="outcome"' not in shown.text
    assert client.post(page(task_of(dsr, "hubspot")), {"outcome": "not_found"}).status_code == 422


@pytest.mark.parametrize("role", [Role.APPROVER, Role.DPO, Role.AUDITOR, Role.INTAKE])
def test_others_do_not_work_on_tasks(house: House, client: Client, role: Role) -> None:
    task = task_of(planned(), "hubspot")
    scenes.signed_in(client, factories.staff(role))
    assert client.get(page(task)).status_code == 403
    assert client.post(page(task), {"outcome": "not_found"}).status_code == 403
    assert client.post(page(task, "task-reopen")).status_code == 403
    assert client.post(page(task, "task-retry")).status_code == 403


def test_a_task_or_a_file_that_does_not_exist(house: House, handler: User, client: Client) -> None:
    task = task_of(planned(), "hubspot")
    assert client.get(page(task, "task-evidence")).status_code == 404
    task.pk = 999_999
    assert client.get(page(task)).status_code == 404


def test_who_writes_for_somebody_else_is_pointed_out(house: House, handler: User, client: Client) -> None:
    dsr = planned()
    Case.objects.filter(pk=dsr.case_id).update(requester="guardian")
    assert "on behalf of" in client.get(page(task_of(dsr, "hubspot"))).text


def test_the_note_of_a_task_stays_out_of_the_audit(house: House, handler: User, client: Client) -> None:
    client.post(page(task_of(planned(), "hubspot")), {"outcome": "not_found", "note": "Solvang finnes ikke"})
    assert "Solvang" not in str(list(AuditEntry.objects.values_list("details", flat=True)))


def test_who_found_something_is_led_to_whose_it_is(house: House, handler: User, client: Client) -> None:
    dsr = factories.case().dsrs.get()
    plan.locate_and_plan(dsr.pk)
    task = task_of(dsr, "hubspot")
    assert "The system holds the address in the request, kari.holm@example.com" in client.get(page(task)).text
    client.post(page(task), {"outcome": "done", "note": "Et kort på navnet."})
    shown = client.get(page(task)).text
    assert "nobody has said under which e-mail address" in shown
    assert reverse("identity:address", args=[dsr.case.reference]) in shown
    client.post(page(task, "task-reopen"))
    both = {"outcome": "done", "note": "x", "contact": "other@example.com", "same_address": "on"}
    assert list(client.post(page(task), both).context["form"].errors) == ["contact"]
    client.post(page(task), {"outcome": "done", "note": "Et kort på adressen.", "same_address": "on"})
    point = ContactPoint.objects.get()
    assert (point.value, point.system, point.recorded_by) == ("kari.holm@example.com", "hubspot", handler)
    assert "nobody has said under which" not in client.get(page(task)).text


def test_who_writes_for_somebody_else_is_not_taken_for_the_person(house: House, handler: User, client: Client) -> None:
    dsr = factories.case().dsrs.get()
    Case.objects.filter(pk=dsr.case_id).update(requester="representative")
    plan.locate_and_plan(dsr.pk)
    assert "same_address" not in client.get(page(task_of(dsr, "hubspot"))).text


@pytest.mark.parametrize(
    "role, status",
    [
        (Role.HANDLER, 200), (Role.APPROVER, 200), (Role.DECISION_MAKER, 200),
        (Role.INTAKE, 403), (Role.DPO, 403), (Role.AUDITOR, 403), (Role.ADMINISTRATOR, 403),
    ],
)  # fmt: skip
def test_the_file_of_a_task_is_for_whom_it_concerns_and_every_look_is_on_record(
    house: House, client: Client, role: Role, status: int
) -> None:
    task = task_of(planned(), "hubspot")
    tasks.complete(
        task.pk, state=TaskState.DONE, note="", evidence=tasks.Evidence("kort.pdf", PDF),
        actor=factories.staff().as_actor(),
    )  # fmt: skip
    user = scenes.signed_in(client, factories.staff(role))
    assert client.get(page(task, "task-evidence")).status_code == status
    looks = AuditEntry.objects.filter(action="task.evidence_seen")
    assert [look.actor for look in looks] == ([f"user:{user.pk}"] if status == 200 else [])


def test_whose_data_it_is_stands_on_the_task_and_on_the_case(house: House, handler: User, client: Client) -> None:
    dsr = planned()
    about = {"requester": "guardian", "concerned_name": "Nora Vik", "concerned_known_as": "kunde 4711"}
    Case.objects.filter(pk=dsr.case_id).update(**about)
    for address in (page(task_of(dsr)), case_page(dsr)):
        shown = client.get(address).content.decode()
        assert "Nora Vik" in shown
        assert "kunde 4711" in shown


def test_what_was_stopped_and_taken_back_is_put_right_on_its_page(house: House, handler: User, client: Client) -> None:
    case = factories.case(Right.MARKETING_OBJECTION, email=INGRID.email)
    dsr = case.dsrs.get()
    plan.locate_and_plan(dsr.pk)
    stopped, waiting = dsr.tasks.filter(mode="manual").order_by("id")[:2]
    tasks.complete(stopped.pk, state=TaskState.DONE, note="Meldt av.", actor=handler.as_actor())
    marketing.lift(case.pk, "Angret.", actor=handler.as_actor(), user=handler)
    taken_back.follow(case.pk)
    assert "Called off" in panel(handler, case)
    resumed = dsr.tasks.get(system=stopped.system, action="resume")
    shown = client.get(page(resumed)).content.decode()
    assert "Allow marketing again" in shown
    assert "Set back what was set then, and nothing else" in shown
    case.refresh_from_db()
    given = {"outcome": "done", "note": "Satt tilbake, sett etter.", "version": case.version}
    assert client.post(page(resumed), given).status_code == 302
    assert client.get(page(waiting)).status_code == 200
    resumed.refresh_from_db()
    assert resumed.state == TaskState.DONE
