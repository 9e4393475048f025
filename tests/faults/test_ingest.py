"""Reading mail: killed at every step."""

from tests.faults import house
from tests.faults.table import fault
from tests.faults.waiting import eventually
from tests.requests_app.services.post import drop, letter
from tests.services.installation import Installation

STEPS = 7  # which mailboxes there are, that a look begins, the mail, that the look ended, and those of one look more


@fault(
    breaks="kill -9 of the ingest before each of its steps, in turn",
    then="each mail is one inquiry, read once and in the audit once",
)
def test_an_ingest_killed_at_any_step_loses_and_doubles_no_mail(installation: Installation) -> None:
    mailbox = installation.var / "mailbox"
    for step in range(1, STEPS + 1):
        drop(mailbox, f"{step}.eml", letter(f"Mail nummer {step}"))
        house.arm(installation, "ingest", step)
        installation.start("ingest")
        assert house.dies(installation, "ingest", lambda: False)
    installation.start("ingest")
    eventually(lambda: house.inquiries(installation) == STEPS, "the mails")
    installation.start("worker", **house.ONE_THREAD)
    house.wait_settled(installation)
    audited = house.ask(
        installation,
        "SELECT count(*), count(DISTINCT subject) FROM requests_auditentry WHERE action = 'inquiry.received'",
    )
    assert audited == [(STEPS, STEPS)]
    assert house.number(installation, "SELECT count(*) FROM requests_sighting") == STEPS
    assert house.number(installation, "SELECT count(*) FROM requests_inquiry WHERE parsed_at IS NOT NULL") == STEPS
    installation.manage("verify_audit")
