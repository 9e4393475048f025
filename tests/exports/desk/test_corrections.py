"""The pages of a rectification and of the tasks that follow from it, as staff use them."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from exports.desk import row_words
from exports.domain.enums import TaskAction, TaskState
from exports.domain.records import FieldValue, Label, Record, Scalar, ValueNote, Withheld
from exports.models import SystemTask
from exports.services import collect, correction_run, correction_words, corrections, holdings, plan, tasks
from exports.services.holdings import Held
from identity.models import User, Verification
from requests_app.domain.enums import Right, Role
from requests_app.models import AuditEntry, DataSubjectRequest
from tests import factories
from tests.desk_client import text
from tests.exports.ledger import Ledger
from tests.exports.rectifying import EMAIL, NEW, carried_out, corrected, searched, searched_by_hand, task_of, wish
from tests.exports.scenes import fresh
from tests.identity import scenes


@pytest.fixture
def handler(ledger: Ledger, client: Client) -> User:
    """A handler who is signed in and reads English."""
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return scenes.signed_in(client, factories.staff(Role.HANDLER))


def overview(dsr: DataSubjectRequest) -> str:
    return reverse("exports:desk:corrections", args=[dsr.pk])


def row(dsr: DataSubjectRequest, number: int = 0) -> str:
    read = task_of(dsr, "website", TaskAction.READ)
    return reverse("exports:desk:correction-row", args=[dsr.pk, read.pk, read.round, number])


def number_of(dsr: DataSubjectRequest, key: str) -> int:
    """The place of a row of the website in what was found."""
    [website] = [one for one in holdings.of_request(dsr) if one.records]
    return next(n for n, record in enumerate(website.records or ()) if record.key == key)


def task_page(task: SystemTask) -> str:
    return reverse("exports:desk:task", args=[task.pk])


def filled(client: Client, dsr: DataSubjectRequest, **changes: str) -> dict[str, object]:
    """Return what the form of a row sends as it stands, with changes."""
    form = client.get(row(dsr)).context["form"]
    given = {name: form[name].value() for name in form.fields if not name.startswith("everywhere")}
    return {k: "" if v is None else v for k, v in given.items()} | changes


def field(client: Client, dsr: DataSubjectRequest, label: str, number: int = 0) -> str:
    form = client.get(row(dsr, number)).context["form"]
    return str(next(name for name, one in form.fields.items() if one.label == label))


def test_the_case_leads_to_the_corrections_and_they_to_the_row(ledger: Ledger, handler: User, client: Client) -> None:
    dsr = searched()
    case = client.get(reverse("requests:desk:case", args=[dsr.case.reference])).text
    assert overview(dsr) in case
    shown = client.get(overview(dsr)).text
    assert "Kari Hölm" in shown
    assert row(dsr) in shown
    assert AuditEntry.objects.filter(action="correction.looked", actor=f"user:{handler.pk}").count() == 1


def test_a_key_only_shows(ledger: Ledger, handler: User, client: Client) -> None:
    dsr = searched()
    shown = client.get(row(dsr))
    assert [one.label for one in shown.context["others"]] == ["Number", "Seen"]
    assert "Number" not in [one.label for one in shown.context["form"].fields.values()]


def test_blanks_around_a_value_stay_until_somebody_takes_them_away(
    ledger: Ledger, handler: User, client: Client
) -> None:
    ledger.rows[("users", "7")]["name"] = "Kari Holm "
    dsr = searched()
    client.post(row(dsr), filled(client, dsr))
    assert not dsr.corrections.exists()
    client.post(row(dsr), filled(client, dsr, **{field(client, dsr, "Name"): "Kari Holm"}))
    assert dsr.corrections.get().new_value == "Kari Holm"


def test_an_address_in_brackets_is_refused_with_words(ledger: Ledger, handler: User, client: Client) -> None:
    dsr = searched()
    refused = client.post(row(dsr), filled(client, dsr, **{field(client, dsr, "E-mail"): f"Kari <{NEW}>"}))
    assert (refused.status_code, "no name, no brackets" in refused.text) == (422, True)


def test_from_the_wrong_value_to_the_corrected_system(ledger: Ledger, handler: User, client: Client) -> None:
    dsr = searched()
    name = field(client, dsr, "Name")
    assert client.post(row(dsr), filled(client, dsr, **{name: "Kari Holm"}))["Location"] == overview(dsr)
    version = {"version": fresh(dsr).case.version}
    client.post(reverse("exports:desk:corrections-carry-out", args=[dsr.pk]), version)
    collect.run_task(task_of(dsr, "website").pk)
    assert ledger.rows[("users", "7")]["name"] == "Kari Holm"
    assert "Corrected" in client.get(overview(dsr)).text
    case = client.get(reverse("requests:desk:case", args=[dsr.case.reference])).text
    assert "Tell recipients" in case
    assert "1 of 1 correction is made" in case


def test_the_same_value_elsewhere_is_offered(ledger: Ledger, handler: User, client: Client) -> None:
    dsr = searched()
    email = field(client, dsr, "E-mail")
    given = filled(client, dsr, **{email: NEW, email.replace("value", "everywhere"): "on"})
    shown = client.post(row(dsr), given, follow=True).text
    assert "asked to confirm the old and the new one" in shown
    assert set(dsr.corrections.values_list("collection", "new_value")) == {("users", NEW), ("newsletter", NEW)}
    assert Verification.objects.filter(purpose="new_address", sent_to=NEW).count() == 1
    assert "has not confirmed the new address" in client.get(overview(dsr)).text
    panel = client.get(reverse("requests:desk:case", args=[dsr.case.reference])).text
    assert "Change of address" in panel
    assert "Record the reason" not in panel


def test_the_wish_stands_beside_the_values_and_equal_fields_are_told_apart_by_their_rows(
    ledger: Ledger, handler: User, client: Client
) -> None:
    dsr = searched()
    dsr.scope = "Adressen min er feil."
    dsr.save(update_fields=["scope"])
    assert dsr.scope in client.get(overview(dsr)).text
    assert dsr.scope in client.get(row(dsr)).text
    name = field(client, dsr, "Name")
    client.post(row(dsr), filled(client, dsr, **{name: "Kari Holm"}))
    assert [line.name.full for line in client.get(overview(dsr)).context["lines"]] == ["Users"]
    correction_run.carry_out(dsr.pk, actor=handler.as_actor())
    shown = client.get(reverse("exports:desk:task", args=[task_of(dsr, "website").pk]))
    assert [kind for _row, kind in shown.context["corrections"]] == ["Users"]


def test_rows_of_one_kind_are_told_apart_by_number_and_by_what_differs(
    ledger: Ledger, handler: User, client: Client
) -> None:
    ledger.rows[("users", "8")] = ledger.rows[("users", "7")] | {"id": 8, "visits": 12}
    dsr = searched()
    shown = text(client.get(overview(dsr)))
    for words in ("Users, row 1 of 2", "Number: 7, Visits: 3", "Users, row 2 of 2", "Number: 8, Visits: 12"):
        assert words in shown, words
    assert "row 1 of 1" not in shown  # the newsletter
    assert "row 2 of 2 · Number: 8" in text(client.get(row(dsr, number_of(dsr, "8"))))
    corrections.enter(dsr.pk, [wish(dsr, "name", "Kari Holm")], actor=handler.as_actor())
    assert "Users, row 1 of 2, Number: 7, Visits: 3 · " in text(client.get(overview(dsr)))


def test_what_is_kept_back_tells_no_row(ledger: Ledger, handler: User, client: Client) -> None:
    label = Label("Secret", "Hemmelig")
    rows = [
        Record("website", "users", key, Label("User", "Bruker"), (
            FieldValue("secret", label, None, withheld=Withheld.SECURITY),
            FieldValue("photo", label, key * 9, note=ValueNote.BINARY),
            FieldValue("same", label, "x"),
            FieldValue("note", label, f"{key}{'z' * 99}"),
        )) for key in ("a", "b")
    ]  # fmt: skip
    with translation.override("en"):
        names = row_words.Names([Held(SystemTask(system="website"), tuple(rows))])
        assert names.of("website", "users", "b").full == f"User, row 2 of 2, Secret: b{'z' * 59}…"
        assert names.of("website", "users", "gone").full == "User"


def test_a_wrong_kind_is_told_beside_its_field_and_what_was_typed_stays(
    ledger: Ledger, handler: User, client: Client
) -> None:
    dsr = searched()
    visits = field(client, dsr, "Visits")
    shown = client.post(row(dsr), filled(client, dsr, **{visits: "three"}))
    assert shown.status_code == 422
    assert list(shown.context["form"].errors) == [visits]
    assert 'value="three"' in shown.text


def test_the_second_of_two_handlers_is_told_and_can_save_then(ledger: Ledger, handler: User, client: Client) -> None:
    dsr = searched()
    name = field(client, dsr, "Name")
    given = filled(client, dsr, **{name: "Kåre Holm"})
    corrected(dsr, factories.staff().as_actor())
    shown = client.post(row(dsr), given)
    assert shown.status_code == 422
    assert "Somebody changed the case" in shown.text
    assert client.post(row(dsr), given | {"version": shown.context["form"].data["version"]}).status_code == 302
    assert dsr.corrections.get().new_value == "Kåre Holm"


def test_a_row_of_an_older_search_leads_back(ledger: Ledger, handler: User, client: Client) -> None:
    dsr = searched()
    old = row(dsr)
    read = task_of(dsr, "website", TaskAction.READ)
    tasks.reopen(read.pk, actor=handler.as_actor())
    collect.run_task(read.pk)
    assert client.get(old)["Location"] == overview(dsr)
    assert client.get(row(dsr, 99))["Location"] == overview(dsr)


def test_a_field_that_failed_is_named_with_the_reason(ledger: Ledger, handler: User, client: Client) -> None:
    dsr = searched()
    corrected(dsr, handler.as_actor())
    ledger.rows[("users", "7")]["name"] = "Kari H."
    carried_out(dsr, handler.as_actor())
    shown = client.get(overview(dsr)).text
    assert "Somebody has changed the value in the system meanwhile" in shown
    assert "Search the system again" in shown


def test_by_hand_the_task_shows_what_is_wrong_and_what_is_right(ledger: Ledger, handler: User, client: Client) -> None:
    dsr = searched()
    read = task_of(dsr, "hubspot", TaskAction.READ)
    tasks.reopen(read.pk, actor=handler.as_actor())
    tasks.complete(read.pk, state=TaskState.DONE, note="Kort.", contact=EMAIL, actor=handler.as_actor())
    version = {"version": fresh(dsr).case.version}
    add = reverse("exports:desk:corrections-by-hand", args=[dsr.pk])
    given = {"system": "hubspot", "name": "Job title", "wrong": "Sjef", "right": "Leder"}
    assert client.post(add, given | version | {"right": ""}).status_code == 422
    assert client.post(add, given | version)["Location"] == overview(dsr)
    correction_run.carry_out(dsr.pk, actor=handler.as_actor())
    task = task_of(dsr, "hubspot")
    shown = client.get(task_page(task)).text
    assert all(words in shown for words in ("Job title", "Sjef", "Leder", "Correct the data in HubSpot"))
    form = {"outcome": "done", "note": "", "version": fresh(dsr).case.version}
    refused = client.post(task_page(task), form)
    assert list(refused.context["form"].errors) == ["note"]
    assert client.post(task_page(task), form | {"note": "Søkte på nytt."}).status_code == 302
    assert dsr.corrections.get().done_at is not None


def test_an_answer_to_an_order_that_has_changed_is_stopped(ledger: Ledger, handler: User, client: Client) -> None:
    dsr = searched()
    read = task_of(dsr, "hubspot", TaskAction.READ)
    tasks.reopen(read.pk, actor=handler.as_actor())
    tasks.complete(read.pk, state=TaskState.DONE, note="Kort.", contact=EMAIL, actor=handler.as_actor())
    corrections.enter_by_hand(dsr.pk, "hubspot", "Job title", "Sjef", "Leder", actor=handler.as_actor())
    correction_run.carry_out(dsr.pk, actor=handler.as_actor())
    seen = fresh(dsr).case.version
    corrections.enter_by_hand(dsr.pk, "hubspot", "Phone", "1", "2", actor=handler.as_actor())
    form = {"outcome": "done", "note": "Gjort.", "version": seen}
    shown = client.post(task_page(task_of(dsr, "hubspot")), form)
    assert shown.status_code == 422
    assert "Somebody changed the case" in shown.text


def test_who_answers_after_a_colleague_reads_both_answers(ledger: Ledger, handler: User, client: Client) -> None:
    dsr = searched()
    corrected(dsr, handler.as_actor())
    carried_out(dsr, handler.as_actor())
    task = dsr.tasks.get(system="recipient:hubspot")
    told = {"outcome": "done", "note": "E-post til support", "told_on": timezone.localdate().isoformat()}
    client.post(task_page(task), told)
    second = client.post(task_page(task), told | {"note": "Ringte dem"})
    assert second.status_code == 422
    assert all(words in second.text for words in ("has its answer already", "E-post til support", "Ringte dem"))


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (True, "Yes"),
        (False, "No"),
        (None, ""),
        (7, "7"),
        ("2026-11-26T12:00:00+00:00", "26 Nov 2026, 13:00"),
        ("2026-11-26", "26 Nov 2026"),
        ("2026-13-26", "2026-13-26"),
        ("26", "26"),
    ],
)
def test_a_value_reads_as_people_write_it(value: Scalar, words: str) -> None:
    with translation.override("en"):
        assert correction_words.in_words(value) == words


def test_where_nothing_was_found_the_page_says_what_to_do(ledger: Ledger, handler: User, client: Client) -> None:
    dsr = factories.case(Right.RECTIFICATION, email="nobody@example.com").dsrs.get()
    plan.locate_and_plan(dsr.pk)
    assert "as soon as a system has answered" in client.get(overview(dsr)).text
    collect.run_task(task_of(dsr, "website", TaskAction.READ).pk)
    for task in dsr.tasks.filter(state=TaskState.OPEN.value):
        tasks.complete(task.pk, state=TaskState.NOT_FOUND, actor=handler.as_actor())
    shown = client.get(overview(dsr)).text
    assert "there is nothing to correct" in shown
    assert "Carry out" not in shown


def test_a_recipient_is_told_with_a_text_to_copy(ledger: Ledger, handler: User, client: Client) -> None:
    dsr = searched()
    corrected(dsr, handler.as_actor())
    carried_out(dsr, handler.as_actor())
    task = dsr.tasks.get(system="recipient:hubspot")
    shown = client.get(task_page(task)).text
    assert "Please correct the record below" in shown
    assert "Name: Kari Holm" in shown or "Navn: Kari Holm" in shown
    form = {"outcome": "kept", "note": "", "ground": "impossible"}
    assert list(client.post(task_page(task), form).context["form"].errors) == ["note"]
    told = {"outcome": "done", "note": "E-post til support", "told_on": timezone.localdate().isoformat()}
    assert client.post(task_page(task), told).status_code == 302
    assert "Told" in client.get(task_page(task)).text


@pytest.mark.parametrize("role", [Role.APPROVER, Role.DPO, Role.AUDITOR, Role.INTAKE, Role.ADMINISTRATOR])
def test_others_neither_look_nor_correct(ledger: Ledger, client: Client, role: Role) -> None:
    dsr = searched()
    correction = corrected(dsr, factories.staff().as_actor())
    scenes.signed_in(client, factories.staff(role))
    assert client.get(overview(dsr)).status_code == 403
    assert client.get(row(dsr)).status_code == 403
    for name, args in (
        ("corrections-carry-out", [dsr.pk]),
        ("corrections-by-hand", [dsr.pk]),
        ("correction-remove", [dsr.pk, correction.pk]),
    ):
        assert client.post(reverse(f"exports:desk:{name}", args=args)).status_code == 403


def test_another_right_has_no_corrections(ledger: Ledger, handler: User, client: Client) -> None:
    dsr = factories.case().dsrs.get()
    assert client.get(overview(dsr)).status_code == 404


def test_the_decision_maker_records_that_the_old_address_is_lost(ledger: Ledger, handler: User, client: Client) -> None:
    dsr = searched()
    corrected(dsr, handler.as_actor(), "email", NEW)
    link = Verification.objects.get(purpose="new_address")
    lost = reverse("identity:old-address-lost", args=[dsr.case.reference, link.pk])
    assert client.post(lost, {"reason": "Ringt."}).status_code == 403
    scenes.signed_in(client, factories.staff(Role.DECISION_MAKER))
    refused = client.post(lost, {"reason": "Ringt.\0"})
    assert refused.status_code == 422
    assert "Ringt." in refused.text
    assert "Record the reason" in client.get(reverse("requests:desk:case", args=[dsr.case.reference])).text
    client.post(lost, {"reason": "Ringt på nummeret vi har."})
    link.refresh_from_db()
    assert link.old_lost == "Ringt på nummeret vi har."


def test_a_link_to_the_new_address_is_harmless_until_the_button(ledger: Ledger, handler: User) -> None:
    dsr, person = searched(), Client()
    corrected(dsr, handler.as_actor(), "email", NEW)
    link = Verification.objects.get(purpose="new_address")
    address = f"/identity/{scenes.link_token(link)}"
    assert "lang" not in address
    for _ in range(2):
        assert person.get(address).status_code == 200
    link.refresh_from_db()
    assert link.state == "asked"
    assert person.get(address[:-1] + ("a" if address[-1] != "a" else "b")).status_code == 410
    assert person.post(address).status_code == person.post(address).status_code == 200
    link.refresh_from_db()
    assert link.state == "confirmed"


def test_what_was_refused_is_no_part_of_the_next_order(ledger: Ledger, handler: User, client: Client) -> None:
    dsr, actor = searched(), handler.as_actor()
    searched_by_hand(dsr, actor)
    corrections.enter_by_hand(dsr.pk, "hubspot", "Job title", "Sjef", "Leder", actor=actor)
    correction_run.carry_out(dsr.pk, actor=actor)
    task = task_of(dsr, "hubspot")
    tasks.complete(task.pk, state=TaskState.KEPT, ground="data_accurate", actor=actor)
    corrections.enter_by_hand(dsr.pk, "hubspot", "Company", "Optimal", "Optimar", actor=actor)
    correction_run.carry_out(dsr.pk, actor=actor)
    states = {line.row.field: str(line.state) for line in client.get(overview(dsr)).context["lines"]}
    assert states == {"Job title": "Stays as it is", "Company": "Is being corrected"}
    assert [one.field for one, _kind in client.get(task_page(task)).context["corrections"]] == ["Company"]
