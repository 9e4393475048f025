"""Quoting what the person wrote, whole or in part, in an answer by mail. What others wrote is quoted to nobody."""

import re
from collections.abc import Collection

from django.db.models import Q, QuerySet

from requests_app import local_time
from requests_app.domain.enums import Direction
from requests_app.domain.national_numbers import without_numbers
from requests_app.domain.reference import PATTERN
from requests_app.models import Case, Message
from requests_app.services import wording
from requests_app.services.staff_entry import CHANNELS_OF_STAFF

LONGEST = 8_000  # characters; whoever wants to read more has the mail itself
_SPOKEN = [channel.value for channel in CHANNELS_OF_STAFF]  # their words were written down by us
_NOT_READ = [f"inquiry__{column}" for column in ("raw", "html", "text", "forwarded_text")]
_ANSWERED = re.compile(r"(?:\s*(?:re|sv|vs|aw|fw|fwd)\s*:)+\s*", re.IGNORECASE)
_OUR_REFERENCE = re.compile(rf"\s*\(?{PATTERN.pattern}\)?", re.IGNORECASE)


def messages(case: Case) -> QuerySet[Message]:
    """Return what the person of a case wrote to us themselves, the latest first."""
    theirs = Q(inquiry__isnull=True) | Q(inquiry__sender_address__in=["", case.person_email])
    theirs |= Q(inquiry__sender_address__iexact=case.person_email)
    found = case.messages.filter(theirs, direction=Direction.IN.value).exclude(body="")
    found = found.exclude(inquiry__channel__in=_SPOKEN).order_by("-created_at", "-id")
    return found.select_related("inquiry").defer(*_NOT_READ)


def chosen(case: Case, number: str) -> Message | None:
    """Return the message with this number, or the last one; None when there is none to quote."""
    found = messages(case)
    return (found.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 19 else None) or found.first()


def parts(message: Message) -> list[str]:
    """Return the paragraphs of a message that can be quoted each by itself, without national identity numbers."""
    text = without_numbers(message.body[:LONGEST]).replace("\r\n", "\n")
    return [part.strip("\n") for part in re.split(r"\n\s*\n", text) if part.strip()]


def quoted(message: Message, language: str, only: Collection[int] = ()) -> str:
    """Return a message as it is quoted in text, under a line in `language` that says who wrote it and when.

    `only` are the places of the parts that are wanted; none means all of it. What is left out shows.
    """
    everything = parts(message)
    wanted = [at for at in range(len(everything)) if at in only] or list(range(len(everything)))
    lines, last = [_attribution(message, language)], -1
    for at in wanted:
        lines += [">"] if last >= 0 else []
        lines += ["> […]", ">"] if at > last + 1 else []
        lines += [f"> {line}".rstrip() for line in everything[at].split("\n")]
        last = at
    if last < len(everything) - 1 or len(message.body) > LONGEST:
        lines += [">", "> […]"]
    return "\n".join(lines)


def subject(message: Message) -> str:
    """Return the subject of an answer: the one of the message, told as answered once; the reference is added later."""
    words = _OUR_REFERENCE.sub("", _ANSWERED.sub("", without_numbers(message.subject), count=1)).strip()
    return f"Re: {words}" if words else ""


def _attribution(message: Message, language: str) -> str:
    with local_time.of_the_organisation():
        return wording.render("requests_app/mail", "quoted", language, {"written_at": message.created_at})
