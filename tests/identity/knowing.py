"""Cases whose systems hold enough to ask the person about."""

from datetime import datetime

from identity.domain.enums import ContactChannel, DoubtReason
from identity.domain.knowledge import OwnData
from identity.models import ContactPoint, Verification
from identity.services import contact_points, knowledge, verify
from requests_app.domain.enums import Right
from requests_app.models import Case
from tests import factories
from tests.identity import scenes

ANSWERS = {OwnData.FIRST_CONTACT: "2024-03", OwnData.NEWSLETTER: "Nytt fra verftet", OwnData.CITY: "Molde"}
RIGHT = {"first_contact": "mars 2024", "newsletter": "nytt fra verftet", "city": "MOLDE"}
WRONG = {"first_contact": "april 2024", "newsletter": "fisk", "city": "Molde"}


def offered(case: Case, system: str = "website") -> Case:
    """Let a system hold the answers to three questions; switches the questions on."""
    factories.organisation(asks_own_data=True)
    for question, answer in ANSWERS.items():
        knowledge.offer(case, question, {answer}, system)
    return case


def phone(
    case: Case, value: str = "+47 900 00 000", since: datetime | None = scenes.SINCE, found_by: str = scenes.ON_FILE
) -> ContactPoint:
    """Return a number on file, held under an address."""
    return contact_points.record(case, ContactChannel.PHONE, value, "website", since, found_by=found_by)


def linked(doubt: DoubtReason = DoubtReason.FRAUD_SIGN) -> tuple[Verification, str]:
    """Return a question that the person has answered by its link, and the token of the link."""
    case = factories.case(Right.ACCESS)
    point = scenes.on_file(case)
    row = verify.ask(case.pk, doubt, point.pk, actor=factories.staff().as_actor())
    token = scenes.link_token(row)
    verify.confirm(token)
    row.refresh_from_db()
    return row, token
