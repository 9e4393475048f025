"""Reading mail: killed at every step, flooded, and bombed."""

import json
from hashlib import sha256
from itertools import count
from pathlib import Path

import pytest

from tests.faults import cuts, house, mailboxes, scenes, test_reading
from tests.faults.bombs import BOMBS, PROBLEMS
from tests.faults.console import Console
from tests.faults.table import fault
from tests.faults.waiting import eventually
from tests.requests_app.services.post import drop, letter
from tests.services.installation import Installation

STEPS = 7  # which mailboxes there are, that a look begins, the mail, that the look ended, and those of one look more
FEWEST_CUTS = 2 * 2  # each mail is kept, and where it lies is looked up

_SEEN = "SELECT count(*) FROM requests_sighting"
_CONFIRMED = "SELECT count(*) FROM requests_message WHERE intent = 'acknowledgement'"
_AUDITED = "SELECT count(*) FROM requests_auditentry WHERE action = 'inquiry.received'"
_TO_BE_READ = "SELECT count(*) FROM requests_outboxevent WHERE name = 'InquiryReceived'"


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


@fault(
    breaks="kill -9 of the ingest before each of its commits and each of its commands to the mailbox {way}, in turn",
    then="each mail is one inquiry, seen in one place and in the audit once, and lies where it should",
)
@pytest.mark.parametrize("way", mailboxes.WAYS)
def test_a_capture_cut_off_at_any_point_loses_and_doubles_no_mail(
    installation: Installation, inside: Console, tmp_path: Path, way: str
) -> None:
    hashes: set[str] = set()
    with mailboxes.WAYS[way](tmp_path / "post") as mailbox:
        for step in count(1):
            mails = [letter(f"Mail {step}.{number}") for number in range(2)]
            mailbox.deliver(*mails)
            house.arm(installation, "ingest", step)
            died = inside(cuts.once, mailbox.url)
            house.disarm(installation)
            assert not died or not inside(cuts.once, mailbox.url)
            hashes |= {sha256(raw).hexdigest() for raw in mails}
            kept = [row[0] for row in house.ask(installation, "SELECT sha256 FROM requests_inquiry")]
            assert sorted(kept) == sorted(hashes)
            for question in (_SEEN, _AUDITED, _TO_BE_READ):
                assert house.number(installation, question) == len(hashes), step
            assert mailbox.left(len(hashes)), step
            if not died:
                break
    assert step > FEWEST_CUTS, "the steps are not counted"
    installation.manage("verify_audit")


@fault(
    breaks="ten times as many mails come at once (1,000 of 20 KB)",
    then="one look takes each once, in the memory that it takes for one tenth",
)
def test_a_flood_of_mails_is_taken_without_holding_it(
    installation: Installation, inside: Console, tmp_path: Path
) -> None:
    mails = [letter(f"Mail {number} {'x' * 20_000}") for number in range(1_000)]
    with mailboxes.maildir(tmp_path / "post") as mailbox:
        mailbox.deliver(*mails[:300])  # enough for several full batches
        few = inside(cuts.peak, mailbox.url)
        mailbox.deliver(*mails[300:])
        many = inside(cuts.peak, mailbox.url)
    assert house.inquiries(installation) == house.number(installation, _SEEN) == len(mails)
    assert many - few < len(b"".join(mails[300:])) / 1024 / 4


@fault(
    breaks="100 copies of one mail come at once",
    then="they are one inquiry, seen in 100 places, and are confirmed once",
)
def test_a_hundred_copies_of_a_mail_are_one_inquiry(installation: Installation, inside: Console) -> None:
    inside(scenes.hire)
    raw = letter()
    for number in range(100):
        drop(installation.var / "mailbox", f"{number}.eml", raw)
    installation.start("ingest")
    installation.start("worker", **house.ONE_THREAD)
    eventually(lambda: house.number(installation, _SEEN) == 100, "the copies")
    house.wait_settled(installation)
    inside(test_reading.sort)
    house.wait_settled(installation)
    assert house.inquiries(installation) == house.number(installation, "SELECT count(*) FROM requests_case") == 1
    assert house.number(installation, _CONFIRMED) == 1
    assert set(house.handed_over(installation).values()) == {1}  # with what tells the staff that it is overdue


@fault(
    breaks="mail bombs come: parts in parts, 100,000 parts, 20,000 recipients, a header of 50 MB",
    then="each is an inquiry with its sender and what was wrong, and the mail behind them is read",
)
def test_mail_bombs_are_kept_and_hold_up_nobody(installation: Installation) -> None:
    mailbox = installation.var / "mailbox"
    for name, raw in BOMBS.items():
        drop(mailbox, f"{name}.eml", raw)
    drop(mailbox, "zz.eml", letter())
    ingest, worker = installation.start("ingest"), installation.start("worker", **house.ONE_THREAD)
    eventually(lambda: house.inquiries(installation) == len(BOMBS) + 1, "the mails")
    house.wait_settled(installation)
    rows = house.ask(installation, "SELECT sender_address, problems FROM requests_inquiry ORDER BY id")
    found = {sender: problems if isinstance(problems, str) else json.dumps(problems) for sender, problems in rows}
    assert found.keys() == {"kari.holm@example.com", *(f"{name}@example.com" for name in BOMBS)}
    for name, problem in PROBLEMS.items():
        assert problem in found[f"{name}@example.com"]
    assert (ingest.poll(), worker.poll()) == (None, None)
