"""What an auditor sees of the cases: everything that happened, and nothing of whom it happened to."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from exports.domain.enums import TaskState
from exports.models import SystemTask
from exports.services import ownership, tasks
from requests_app import audit, selectors
from requests_app.domain.enums import Outcome, Role
from requests_app.domain.snapshot import SYSTEM
from requests_app.models import AuditEntry, Case, Decision, Inquiry, Message, Note
from tests import factories
from tests.desk_client import desk_client
from tests.exports import scenes
from tests.exports.house import House, planned

pytestmark = pytest.mark.django_db

# Columns that hold a person, or words that somebody wrote.
PERSONAL: tuple[tuple[type, tuple[str, ...]], ...] = (
    (Case, ("person_name", "person_email", "person_phone", "person_address", "concerned_name", "concerned_known_as")),
    (Message, ("to_address", "subject", "body", "secrets")),
    (Inquiry, ("raw", "text", "html", "subject", "sender_name", "sender_address")),
    (SystemTask, ("note", "error", "result_file", "evidence_file", "evidence_name")),
    (Decision, ("reasoning",)),
    (Note, ("text",)),
)


def test_the_whole_story_is_told_and_nobody_is_named(house: House) -> None:
    handler, approver = factories.staff(name="Hanne Dahl"), factories.staff(Role.APPROVER, name="Arne Berg")
    dsr = scenes.released(handler, approver)
    Decision.objects.filter(dsr=dsr).update(outcome=Outcome.REFUSED.value, grounds=["excessive"], reasoning="Ordene")
    auditor = desk_client(Role.AUDITOR)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        listed = auditor.read(reverse("exports:desk:masked"))
        shown = auditor.read(reverse("exports:desk:masked-case", args=[dsr.case.reference]))
    assert dsr.case.reference in listed
    for said in (
        "Access", "Answer released", f"Staff no. {handler.pk}", f"Staff no. {approver.pk}", "HubSpot",
        "manifestly unfounded", "How the deadline came about", "Nothing found",
    ):  # fmt: skip
        assert said in shown, said
    for secret in (dsr.case.person_name, dsr.case.person_email, "Hanne", "Arne", "Ordene"):
        assert secret not in listed + shown
    # What is read, not by what it is found: the gate compares the address of the person with that of the reader.
    statements = "\n".join(query["sql"].partition(" FROM ")[0] for query in asked.captured_queries)
    for model, columns in PERSONAL:
        for column in columns:
            assert f'"{model._meta.db_table}"."{column}"' not in statements, column  # type: ignore[attr-defined]


def test_no_entry_is_called_by_its_code(house: House) -> None:
    """Also what the timeline leaves out, and what befell the message that the case came from."""
    dsr = scenes.released(factories.staff(), factories.staff(Role.APPROVER))
    inquiry = factories.inquiry(case=dsr.case)
    with transaction.atomic():
        audit.record("message.sent", f"case:{dsr.case_id}", SYSTEM, message=1)
        audit.record("inquiry.original_opened", f"inquiry:{inquiry.pk}", SYSTEM)
    told = selectors.whole_history(dsr.case)
    assert {"message.sent", "contact_point.recorded", "inquiry.original_opened"} <= {row.action for row in told}
    shown = desk_client(Role.AUDITOR).read(reverse("exports:desk:masked-case", args=[dsr.case.reference]))
    assert [row.action for row in told if row.action in shown] == []
    assert "The original of a message was opened" in shown


def test_what_somebody_calls_a_system_is_a_word_of_theirs(house: House) -> None:
    """Where the address was found is typed freely, and may name anybody: it stays with the case."""
    case, typed = factories.case(), "Permen til Turid"
    address = reverse("identity:address", args=[case.reference])
    given = {"value": case.person_email, "system": typed, "reason": "Ringte nummeret i permen."}
    assert desk_client().post(address, given).status_code == 302
    (told,) = AuditEntry.objects.filter(action="contact_point.recorded")
    assert typed not in str(told.details)
    shown = desk_client(Role.AUDITOR).read(reverse("exports:desk:masked-case", args=[case.reference]))
    assert "An address or a number of the person, as a system holds it, was written down" in shown
    assert "Turid" not in shown


def test_what_an_owner_did_by_a_link_is_not_told_of_the_machine(house: House) -> None:
    task = planned().tasks.get(system="hubspot")
    decides = factories.staff(Role.DECISION_MAKER)
    ownership.name_owner("hubspot", user_id=None, email="eier@leverandor.example", actor=decides.as_actor())
    link = ownership.send(task.pk, actor=factories.staff().as_actor())
    tasks.complete(task.pk, state=TaskState.NOT_FOUND, actor=ownership.actor_of(link))
    shown = desk_client(Role.AUDITOR).read(reverse("exports:desk:masked-case", args=[task.dsr.case.reference]))
    assert "The owner of the system, by a link" in shown


def test_a_case_that_is_not_there_is_not_found(house: House) -> None:
    assert desk_client(Role.AUDITOR).get("/desk/audit/DR-2026-999999-00/").status_code == 404


def test_the_auditor_begins_there_and_the_administrator_does_not_see_it(house: House) -> None:
    case = factories.case()
    assert desk_client(Role.AUDITOR).get("/desk/").headers["Location"] == reverse("exports:desk:masked")
    page = desk_client(Role.ADMINISTRATOR).read(reverse("identity:staff"))
    assert reverse("exports:desk:masked") not in page
    assert case.reference not in page
