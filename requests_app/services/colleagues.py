"""Whoever works in this house: for whom they ask is for a person to say, and their own cases are better shielded."""

from django.contrib.auth import get_user_model

from requests_app.domain.enums import Channel
from requests_app.mailbox.sender import Own
from requests_app.models import Case, Inquiry, Organisation


def may_ask_for_another(inquiry: Inquiry, organisation: Organisation) -> bool:
    """Tell whether a colleague wrote a mail in their own words: they may ask for themselves, or tell of somebody.

    What they passed on shows by itself who asks (`Inquiry.forwarded`).
    """
    if inquiry.channel != Channel.MAIL or inquiry.forwarded or not inquiry.sender_address:
        return False
    return _own(organisation).is_colleague(inquiry.sender_address)


def is_about_one(case: Case, organisation: Organisation) -> bool:
    """Tell whether a case seems to be about somebody who works here, so that it should be shielded."""
    addresses = [one for one in (case.person_email, case.concerned_known_as) if "@" in one]
    ours = _own(organisation)
    if any(ours.is_colleague(one) for one in addresses) or case.party_rows.exists():
        return True
    accounts = get_user_model().objects
    return any(accounts.filter(email__iexact=one).exists() for one in addresses)


def is_shared(address: str) -> bool:
    """Tell whether mail to an address lands in a mailbox that the desk shows: a link sent there is everybody's."""
    organisation = Organisation.objects.only("own_addresses").filter(pk=1).first()  # there is none before the set-up
    return organisation is not None and Own.of(organisation.own_addresses).is_mailbox(address)


def _own(organisation: Organisation) -> Own:
    return Own.of([f"@{domain}" for domain in organisation.own_domains] or organisation.own_addresses)
