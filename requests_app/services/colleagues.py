"""Mail that somebody of this house wrote: for whom they ask is for a person to say."""

from requests_app.domain.enums import Channel
from requests_app.mailbox.sender import Own
from requests_app.models import Inquiry, Organisation


def may_ask_for_another(inquiry: Inquiry, organisation: Organisation) -> bool:
    """Tell whether a colleague wrote a mail in their own words: they may ask for themselves, or tell of somebody.

    What they passed on shows by itself who asks (`Inquiry.forwarded`).
    """
    if inquiry.channel != Channel.MAIL or inquiry.forwarded or not inquiry.sender_address:
        return False
    domains = [f"@{domain}" for domain in organisation.own_domains]
    return Own.of(domains or organisation.own_addresses).is_colleague(inquiry.sender_address)
