"""Mail that has arrived: the worker is killed at every step of reading it, before anybody has sorted it."""

from typing import Any

from requests_app.domain.enums import Direction, Right, Verdict
from requests_app.models import AuditEntry, Inquiry
from requests_app.services import triage
from tests.faults import dying, house, scenes
from tests.faults.console import Console
from tests.faults.table import fault
from tests.faults.waiting import eventually
from tests.requests_app.services.post import WISH, drop, letter
from tests.services.installation import Installation

TEXTS = {
    Right.ACCESS: WISH,
    Right.MARKETING_OBJECTION: "Hei! Jeg vil ikke ha mer reklame fra dere. Ikke send meg markedsføring.",
    Right.CONSENT_WITHDRAWAL: "Hei! Jeg trekker tilbake samtykket mitt til nyhetsbrevet.",
}
FEWEST_STEPS = 1 + 2 + 1  # they are read together, save that each wish blocks by itself; and done


@fault(
    breaks="kill -9 of the worker before each step of reading mail that has arrived, in turn",
    then="each mail is one inquiry, read once; a no to marketing blocks once; sorted, each is one case",
)
def test_a_worker_killed_at_any_step_of_reading_understands_each_mail_once(
    installation: Installation, inside: Console
) -> None:
    dying.prepare(installation, inside)
    installation.start("ingest")
    for step in dying.each_step(installation, lambda step: _write(installation, step)):
        assert inside(mails, step) == {
            "access": ["unsorted", 1, [], {}],
            "marketing_objection": ["unsorted", 1, ["provisional"], {"marketing.held": 1}],
            "consent_withdrawal": ["unsorted", 1, ["provisional"], {"marketing.held": 1}],
        }
    assert step > FEWEST_STEPS, "the steps of reading are not counted"

    # Whoever sorts them finds each once, and each person hears from us once.
    installation.start("worker", **house.ONE_THREAD)
    inside(sort)
    house.wait_settled(installation)
    for number in range(1, step + 1):
        assert inside(mails, number) == {
            "access": ["request", 1, [], {"case.opened": 1, "acknowledgement": 1}],
            "marketing_objection": ["request", 1, ["standing"], SORTED_AT_ONCE],
            "consent_withdrawal": ["request", 1, ["standing"], SORTED_AT_ONCE],
        }
    assert set(house.handed_over(installation).values()) == {1}
    due = house.ask(installation, "SELECT dsr_id, count(*) FROM requests_deadlinehistory GROUP BY dsr_id")
    assert {times for _, times in due} == {1}
    installation.manage("verify_audit")


SORTED_AT_ONCE = {"marketing.held": 1, "marketing.blocked": 1, "case.opened": 1, "confirmation": 1}


def _write(installation: Installation, step: int) -> None:
    """Somebody else writes each of the mails, and the worker is to read them."""
    house.arm(installation, "worker", step)
    for right, text in TEXTS.items():
        mail = letter(text, sender=f"Kari Holm <{_address(right, step)}>", subject="Henvendelse")
        drop(installation.var / "mailbox", f"{right}.{step}.eml", mail)
    eventually(lambda: house.inquiries(installation) == step * len(TEXTS), "the mails")


def _address(right: Right, step: int) -> str:
    return f"kari.{right}.{step}@example.com"


def mails(step: int) -> dict[str, list[Any]]:
    """What became of each mail: its verdict, how often it was read, its blocks, and what else was done how often."""
    found = {}
    for right in TEXTS:
        one = Inquiry.objects.get(sender_address=_address(right, step))
        assert one.suggested_rights == [right.value]
        about = [f"inquiry:{one.pk}", f"case:{one.case_id}"]
        times = dict.fromkeys(("marketing.held", "marketing.blocked", "case.opened"), 0)
        times = {action: AuditEntry.objects.filter(action=action, subject__in=about).count() for action in times}
        sent = one.case.messages.filter(direction=Direction.OUT.value, state="sent") if one.case else []
        for message in sent:
            times[message.intent] = times.get(message.intent, 0) + 1
        read = AuditEntry.objects.filter(action="inquiry.read", subject=f"inquiry:{one.pk}").count()
        blocks = [row.state for row in one.suppressions.all()]
        found[right.value] = [one.verdict, read, blocks, {what: n for what, n in times.items() if n}]
    return found


def sort() -> None:
    """A member of staff says of each mail that it is what the rule has understood."""
    for one in Inquiry.objects.filter(verdict=Verdict.UNSORTED.value).order_by("id"):
        rights = [Right(right) for right in one.suggested_rights]
        triage.sort_as_request(one.pk, rights, actor=scenes.actor(scenes.HANDLER))
