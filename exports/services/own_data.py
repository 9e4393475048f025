"""What the systems hold, handed down as questions that only the person can answer."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from exports.domain import own_data as domain
from exports.domain.records import Hit, Record
from identity.domain.knowledge import OwnData
from identity.services import knowledge
from requests_app.models import Case
from requests_app.selectors import organisation


def offer(case: Case, system: str, hits: Iterable[Hit], records: Iterable[Record]) -> None:
    """Hand the answers that one system expects down to identity, which keeps hashes of them. Needs a transaction."""
    zone = ZoneInfo(organisation().time_zone)
    for question, answers in domain.answers(hits, records, zone).items():
        knowledge.offer(case, OwnData(question.value), answers, system)
