"""The letter before a restriction is lifted (T19): why, from when, and what the person can do about it."""

from django.utils import translation

from exports.models import Lifting
from requests_app.domain.enums import Intent
from requests_app.domain.snapshot import Reason
from requests_app.models import Message
from requests_app.selectors import NO_MAIL, UNSENT
from requests_app.services import clock, complaint_block, correspondence, portal_access, wording
from requests_app.services.correspondence import Words

from . import letters_sender, restriction_state
from .answer_problems import NotReady

TEMPLATE = "exports/mail/restriction_lifted"


def queue(row: Lifting) -> Message:
    """Owe the letter, once for each lifting; on paper where no mail reaches. Raises NotReady, `wording.Unresolved`.

    Its link lasts until data is used again: until then the person can object there.
    """
    case = row.dsr.case
    portal_access.keep_link_until(case, clock.calendar().end_of_day_utc(row.lifted_on))
    secrets = {"link": correspondence.status_link_secret(case)}
    return correspondence.queue(
        case, Intent.LIFTING, TEMPLATE, _context(row), key=key_of(row), secrets=secrets, dsr=row.dsr,
        on_paper=not case.person_email,
    )  # fmt: skip


def words(row: Lifting) -> Words:
    """Return the letter to read, to post or to hand over. Raises NotReady, `wording.Unresolved`."""
    case = row.dsr.case
    with translation.override(case.language):
        stand_in = translation.gettext("[the personal link]")
    return correspondence.preview(case, TEMPLATE, _context(row), secrets={"link": stand_in})


def why_not(row: Lifting) -> Reason | None:
    """Return why the letter cannot be written, or None."""
    try:
        words(row)
    except NotReady as error:
        return error.reason
    except wording.Unresolved as error:
        return error.reason
    return None


def is_under_way(row: Lifting) -> bool:
    """Tell whether a mail may still reach the person by itself; one that failed may not."""
    done_with = [*UNSENT, *NO_MAIL]
    return Message.objects.filter(key=key_of(row)).exclude(state__in=done_with).exists()


def key_of(row: Lifting) -> str:
    """Return the key of the message that a lifting is told by."""
    return f"lifting:{row.pk}"


def _context(row: Lifting) -> dict[str, object]:
    dsr = row.dsr
    with translation.override(dsr.case.language):
        authority = letters_sender.authority()
    return {
        "right": dsr.right,
        "received_on": clock.calendar().local_date(dsr.received_at),
        "lifted_on": row.lifted_on,
        "reason": row.reason,
        # What another request restricts is not used again: the letter must not promise the contrary.
        "another_stands": any(
            restriction_state.others(dsr, system)
            for system in {task.system for task in restriction_state.standing(dsr)}
        ),
        "by_mail": bool(dsr.case.person_email),
        "authority": authority,
        "outside_norway": complaint_block.outside_norway(dsr.case),
    }
