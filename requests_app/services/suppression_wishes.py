"""Who else asks for a block: the same person in another case, or in a message that nobody has sorted.

A person is recognised as the list recognises them: by any spelling of the address, and by the number. Each entry is
looked at by itself, for two cases may share the number and not the address.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain

from django.db.models import Exists, OuterRef, Q

from requests_app import selectors
from requests_app.domain.enums import Outcome, Requester, SuppressionState
from requests_app.domain.outcomes import BLOCKS_MARKETING, ENDINGS, WISH_STANDS
from requests_app.domain.suppression import GMAIL, ContactWay, asker, email_forms
from requests_app.models import Case, DataSubjectRequest, Inquiry, Suppression

from . import suppression_list


def elsewhere(
    rows: Sequence[Suppression],
    addresses: Iterable[str],
    *,
    case: Case | None,
    inquiry: Inquiry | None,
    since: datetime | None = None,
) -> dict[str, Case | Inquiry]:
    """Return who wants which of `rows` besides a case or message, by digest; the longest known request comes first.

    `addresses` are those that the rows were made for. What a duplicate repeats is left to the request it repeats,
    unless it was received after `since`.
    """
    found: dict[str, Case | Inquiry] = {}
    sought = {row.digest for row in rows}
    ways = {row.channel for row in rows}
    known = list(addresses) if ContactWay.EMAIL in ways else []
    country = selectors.organisation().country
    cases = _cases(ways, known, case if inquiry is None else None, since)
    others: Iterator[Case | Inquiry] = chain(cases, _messages(known, inquiry))
    for one in others:
        email, phone = (one.person_email, one.person_phone) if isinstance(one, Case) else (_writer(one), "")
        for digest in sought & suppression_list.digests(email, phone, country):
            found.setdefault(digest, one)
        if len(found) == len(sought):
            break
    return found


def _cases(ways: set[str], addresses: Sequence[str], but: Case | None, since: datetime | None) -> Iterator[Case]:
    reachable = _spelled_like("case__person_email", addresses)
    if ContactWay.PHONE in ways:
        reachable |= ~Q(case__person_phone="")
    ended = Q(outcome__in=[outcome.value for outcome in ENDINGS - WISH_STANDS])
    if since is not None:
        ended &= ~Q(outcome=Outcome.DUPLICATE.value, received_at__gt=since)
    # What was lifted there since it was asked for was taken back, so it is no wish any more.
    lifted = Suppression.objects.filter(
        case=OuterRef("case"), state=SuppressionState.LIFTED.value, lifted_at__gte=OuterRef("received_at")
    )
    asked = DataSubjectRequest.objects.filter(
        reachable,
        ~ended,
        ~Exists(lifted),
        right__in=[right.value for right in BLOCKS_MARKETING],
        case__requester=Requester.SELF.value,
    )
    others = asked.exclude(case=but) if but else asked
    return (dsr.case for dsr in others.select_related("case").order_by("id").iterator())


def _messages(addresses: Sequence[str], but: Inquiry | None) -> Iterator[Inquiry]:
    wrote = Q(forwarded=False) & _spelled_like("sender_address", addresses)
    wrote |= Q(forwarded=True) & _spelled_like("forwarded_address", addresses)
    waiting = Inquiry.objects.unsorted().filter(wrote)
    others = waiting.exclude(pk=but.pk) if but else waiting
    return (one for one in others.iterator() if not BLOCKS_MARKETING.isdisjoint(one.suggested_rights))


def _writer(inquiry: Inquiry) -> str:
    return asker(inquiry.sender_address, forwarded=inquiry.forwarded, original=inquiry.forwarded_address)


def _spelled_like(column: str, addresses: Iterable[str]) -> Q:
    """Narrow to what may be another spelling of one of the addresses; only the forms tell which are."""
    like = Q(pk__in=[])
    for address in addresses:
        forms = email_forms(address)
        if not forms:
            continue
        local, _, domain = forms[0].rpartition("@")
        if not local.isascii():  # the database does not fold such capitals
            like |= ~Q(**{column: ""})
        elif domain in GMAIL:
            for one in GMAIL:
                like |= Q(**{f"{column}__iendswith": f"@{one}"})
        else:  # a domain has two ways of being written
            like |= Q(**{f"{column}__istartswith": f"{local}@"})
    return like
