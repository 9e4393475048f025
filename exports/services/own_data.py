"""What the systems hold, handed down as questions that only the person can answer.

Only what lies under the address in question is asked about: whoever names an address of their own beside it knows well
what is held of themselves.
"""

from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

from exports.connectors.base import Connector
from exports.domain import own_data as domain
from exports.domain.records import ReadResult, Record, Subject
from identity.domain.knowledge import OwnData
from identity.models.user import normal_address
from identity.services import delivery, knowledge
from requests_app.models import Case
from requests_app.selectors import organisation

from . import subject
from .located import Located


def by_address(connector: Connector, case: Case, result: ReadResult) -> dict[str, tuple[Record, ...]]:
    """Return what was read under each address, asking again where `result` holds the rows of several.

    Raises ConnectorError.
    """
    emails = subject.to_read(case).emails
    if not organisation().asks_own_data or not emails:
        return {}
    if len(emails) == 1:
        return {normal_address(emails[0]): result.records}
    return {normal_address(one): connector.read(Subject(emails=(one,))).records for one in emails}


def offer(case: Case, system: str, found: Iterable[Located], records: Mapping[str, tuple[Record, ...]]) -> None:
    """Hand the answers that one system expects down to identity, in place of those before, which keeps hashes of them.

    `records` are the rows by address. Needs a transaction that holds the case.
    """
    zone, address = ZoneInfo(organisation().time_zone), delivery.address_in_question(case)
    hits = [one.hit for one in found if address and normal_address(one.found_by) == address]
    answers = domain.answers(hits, records.get(address, ()), zone)
    for question in domain.Question:
        knowledge.offer(case, OwnData(question.value), answers.get(question, frozenset()), system)
