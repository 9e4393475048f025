"""The link in a mailing by which its reader withdraws consent with one click (Art. 7(3): as easy as it was given)."""

import json
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext

from requests_app.domain import sealed_link, tokens
from requests_app.domain.enums import Channel, Right
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import PERSON, Reason
from requests_app.domain.suppression import email_forms
from requests_app.keyring import ring
from requests_app.models import Case, Inquiry

from . import intake, rows, suppression, suppression_list

PURPOSE = "unsubscribe"
_LANGUAGES = ("nb", "en")


@dataclass(frozen=True)
class Reader:
    """Whom a link was made for, and in which language the mailing was."""

    email: str
    language: str


@dataclass(frozen=True)
class Stopped:
    """The case that stopped it, and whether that was this click. A block may have come without a case."""

    case: Case | None
    new: bool


def link(email: str, language: str) -> str:
    """Return the address of the page for one reader of a mailing, and of RFC 8058 one-click.

    Raises ActionRefused for a text that is no address.
    """
    if not email_forms(email) or language not in _LANGUAGES:
        raise ActionRefused(Reason("bad_address"))
    token = sealed_link.seal(ring(), PURPOSE, f"{language}\n{email.strip()}")
    return f"{settings.SITE_URL}/u/{token}"


def reader_of(token: str) -> Reader | None:
    """Return whom a link was made for; None when it was altered or is none of ours."""
    try:
        language, _, email = sealed_link.unseal(ring(), PURPOSE, token).partition("\n")
    except sealed_link.LinkBroken:
        return None
    return Reader(email, language)


def stop(token: str) -> Stopped | None:
    """Withdraw consent for the reader of a link: inquiry, case and standing block, in one transaction.

    While the block stands, each further click leads to the case that made it, and no link that was mailed before takes
    the block back any more. None for a link that is not ours.
    """
    reader = reader_of(token)
    if reader is None:
        return None
    with transaction.atomic():
        now = timezone.now()
        rows.lock_serial(now)  # whoever clicks at the same moment waits here, and finds the block
        standing = suppression_list.standing(reader.email)
        if standing is not None:
            suppression.renew(reader.email, actor=PERSON)
            return Stopped(standing.case, new=False)
        suppression_list.hold(reader.email)
        raw = json.dumps({"link": tokens.digest(token), "at": now.isoformat(), "email": reader.email}).encode()
        inquiry, _ = intake.record_inquiry(channel=Channel.FORM, received_at=now, raw=raw)
        with translation.override(reader.language):
            text = gettext("I used the link in a mailing to withdraw my consent.")
        Inquiry.objects.filter(pk=inquiry.pk).update(
            parsed_at=now,
            sender_address=reader.email,
            text=text,
            language=reader.language,
            suggested_rights=[Right.CONSENT_WITHDRAWAL.value],
            auto_reply_allowed=True,
            auto_reply_reason="ok",
        )
        inquiry.refresh_from_db()
        person = intake.Person(email=reader.email)
        rights = [Right.CONSENT_WITHDRAWAL]
        case = intake.open_case(inquiry, rights, person, language=reader.language, scope="", actor=PERSON)
        return Stopped(case, new=True)
