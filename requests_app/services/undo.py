"""Taking a block back by the link in its confirmation: who reads the mailbox has the last word on its marketing."""

from enum import StrEnum

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from requests_app import outbox
from requests_app.domain import events
from requests_app.domain.snapshot import PERSON
from requests_app.models import Case

from . import portal_reply, rows, suppression_lift, suppression_list, undo_link


class Undone(StrEnum):
    """What became of a click."""

    TAKEN_BACK = "taken_back"
    STAYS = "stays"  # it was asked for in another way as well, or once more after the mail
    EXPIRED = "expired"
    BROKEN = "broken"


def take_back(token: str) -> Undone:
    """Take back what a link was made for, and leave word of it on the case; nothing else is withdrawn.

    Only the block that the link was mailed for: a deletion that was done since, or a later no, is not undone by it.
    The second click changes nothing more.
    """
    link = undo_link.read(token)
    if link is None:
        return Undone.BROKEN
    if link.expired:
        return Undone.EXPIRED
    with transaction.atomic():
        case = rows.lock_case(link.case.pk)
        changed = suppression_lift.undo(case, link.issued_at, actor=PERSON)
        stays = suppression_list.is_blocked(case.person_email)
        if changed:
            _leave_word(case)
            if not stays:
                outbox.publish(events.BlockLifted(case.pk))
        return Undone.STAYS if stays else Undone.TAKEN_BACK


def _leave_word(case: Case) -> None:
    with translation.override(case.language):
        words = gettext("Marketing to my address may go on: I used the link in your confirmation.")
    portal_reply.keep(case.pk, words, rights=())
