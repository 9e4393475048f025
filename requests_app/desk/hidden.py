"""What staff do not see of what people wrote: national identity numbers, and what looks like an identity document."""

from collections.abc import Collection
from datetime import date

from requests_app.domain.enums import Channel
from requests_app.domain.national_numbers import without_numbers
from requests_app.mailbox import excise, html
from requests_app.models import Inquiry


def without_numbers_in(row: Inquiry) -> Inquiry:
    """Put asterisks for the numbers in the words of an inquiry that is only shown, never saved; return it.

    Every other character keeps its place, so that the sentences that speak for a request are still found.
    """
    for name in ("subject", "sender_name", "forwarded_name", "text", "forwarded_text"):
        setattr(row, name, without_numbers(getattr(row, name)))
    row.attachments = [{**one, "name": without_numbers(str(one.get("name", "")))} for one in row.attachments]
    row.html = _masked_html(row.html)
    return row


def copy_of(row: Inquiry, places: Collection[int], today: date) -> bytes:
    """Return the bytes of an inquiry without numbers, and with a note in place of the files at these places.

    Where there is nothing to hide they are as they came. Raises `excise.CannotCutError` when a file cannot be found.
    """
    raw = bytes(row.raw)
    if row.channel in (Channel.FORM, Channel.API):
        return _masked_text(raw)
    for place in sorted(places):
        raw = excise.attachment(raw, place, today, said=excise.hidden_note())
    try:
        return excise.numbers(raw)
    except excise.CannotCutError:  # there is none, or none that can be told apart
        return raw


def _masked_html(found: str) -> str:
    """The formatted text; nothing where a number is cut up by its formatting."""
    masked = without_numbers(found)
    plain = html.to_text(masked) if masked else ""
    return masked if without_numbers(plain) == plain else ""


def _masked_text(raw: bytes) -> bytes:
    try:
        return without_numbers(raw.decode()).encode()
    except UnicodeDecodeError:
        return raw
