"""Contact points in a system, each with the identifier under which it was found.

Whoever asks names an address and a number of their own choice. What lies under one of them is held of the owner of
that address or number, who need not be the person they say they are.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from exports.connectors.base import Connector
from exports.domain.records import Hit, Verb
from identity.domain.enums import ContactChannel
from identity.services import contact_points
from requests_app.models import Case

from . import subject


@dataclass(frozen=True, slots=True)
class Located:
    """One contact point; `found_by` is the e-mail address that was searched for, empty for the phone number."""

    hit: Hit
    found_by: str = field(repr=False)


def search(connector: Connector, case: Case) -> list[Located]:
    """Return the contact points that a system holds of the person of a case. Raises ConnectorError."""
    if Verb.LOCATE not in connector.abilities:
        return []
    searches = [(one, next(iter(one.emails), "")) for one in subject.to_locate(case)]
    return [Located(hit, email) for one, email in searches for hit in connector.locate(one)]


def record(case: Case, found: Iterable[Located]) -> None:
    """Hand the addresses that systems hold of the person down to identity. Needs a transaction."""
    for one in found:
        channel = ContactChannel(one.hit.identity_channel.value)
        contact_points.record(
            case, channel, one.hit.identity_value, one.hit.system, one.hit.since, found_by=one.found_by
        )
