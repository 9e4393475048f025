"""What became of a message of ours, in words: it waits, it went, it failed for good, it came back; and what to do."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from requests_app import selectors
from requests_app.domain.enums import Intent, MessageState
from requests_app.mailbox.delivery import SERVER_TOO_SMALL
from requests_app.models import Message
from requests_app.services import sending
from requests_app.templatetags import ui

from . import delivery_words

UNSENT = (MessageState.FAILED, MessageState.BOUNCED, MessageState.UNCERTAIN)
DELIVERY: dict[MessageState, Promise] = {
    MessageState.RECEIVED: pgettext_lazy("message", "Received"),
    MessageState.QUEUED: _("Waits to be sent to %(to)s"),
    MessageState.SENDING: _("Is being sent to %(to)s"),
    MessageState.SENT: _("Sent to %(to)s"),
    MessageState.BOUNCED: _("Came back from %(to)s"),
    MessageState.FAILED: _("Not sent to %(to)s"),
    MessageState.UNCERTAIN: _("Perhaps sent to %(to)s"),
    MessageState.PAPER: _("On paper, to be posted or handed over"),
    MessageState.DROPPED: _("Not sent to %(to)s: it was no longer needed"),
}
ALARMS: dict[MessageState, Promise] = {
    MessageState.BOUNCED: _("This message came back. The person does not have it."),
    MessageState.FAILED: _("The mail system refused this message. The person does not have it."),
    MessageState.UNCERTAIN: _(
        "Nobody knows whether this message went: the mail system did not say so in the end. Sent again, it may "
        "reach the person twice."
    ),
}
# Why we did not even hand a message over, and what helps.
_OURS: dict[str, Promise] = {
    sending.COMES_BACK: _(
        "Not sent: an earlier message to this address came back, since there is no such address. Bring this one to the "
        "person by another way, or send it all the same."
    ),
    sending.NO_ADDRESS: _(
        "Not sent: no mail can be written to this address. Reach the person in another way, by telephone or post."
    ),
    sending.TOO_LARGE: _(
        "Not sent: with its files, the message is larger than mail servers take. Write another one with fewer or "
        "smaller files."
    ),
    SERVER_TOO_SMALL: _(
        "Not sent: with its files, the message is larger than our mail server takes. Write another one with fewer or "
        "smaller files."
    ),
    sending.FILE_LOST: _(
        "Not sent: a file of the message cannot be opened any more. Write another one, and choose the file again."
    ),
    sending.UNTRUE: _("Not sent: what the message says is no longer true. Write to the person if they need to know."),
}
_ANOTHER_WAY = _("Check the address with the person, or reach them in another way.")
_TELL_OPERATOR = _("Tell whoever runs the mail system; then the message can be sent again.")
_ANSWER = re.compile(r"SMTP (\d{3})(?: (\d\.\d{1,3}\.\d{1,3}))?")
_LOGIN = frozenset({"530", "534", "535", "538"})
_ADDRESS = frozenset({"550", "551", "553"})


@dataclass(frozen=True)
class Told:
    """`alarm`: what went wrong and what to do; `waits`: why it has not gone yet, and when it is tried next.

    `again`: it may be sent once more.
    """

    state: str
    alarm: str = ""
    waits: str = ""
    again: bool = False


def of(row: Message, next_tries: Mapping[int, datetime]) -> Told:
    """Return the words for a message of ours; its reports are loaded. `next_tries` as in `selectors`."""
    state = MessageState(row.state)
    again = state in UNSENT and row.intent != Intent.ONE_TIME_CODE and row.error not in sending.STAYS_REFUSED
    return Told(
        state=str(DELIVERY[state]) % {"to": row.to_address},
        alarm=_alarm(row, state),
        waits=_waits(row, next_tries.get(row.pk)) if state is MessageState.QUEUED else "",
        again=again,
    )


def _alarm(row: Message, state: MessageState) -> str:
    if state is MessageState.BOUNCED:
        back = [one for one in row.reports.all() if one.came_back]
        return f"{ALARMS[state]} {delivery_words.why(back[-1].status if back else '')}"
    if state is MessageState.FAILED:
        ours = _OURS.get(row.error)
        return str(ours) if ours else f"{ALARMS[state]} {_why(row.error)} {_what_helps(row.error)}"
    if state in (MessageState.QUEUED, MessageState.SENDING):
        if row.queued_at is None or row.queued_at >= timezone.now() - selectors.WAITS_TOO_LONG:
            return ""
        since = ui.moment(timezone.localtime(row.queued_at))
        return gettext("This message has been waiting since %(since)s: the mail system is away.") % {"since": since}
    return str(ALARMS[state]) if state in UNSENT else ""


def _waits(row: Message, next_try: datetime | None) -> str:
    """Say what came of the tries so far; nothing before the first."""
    if not row.error:
        return ""
    tried = ngettext("Tried once.", "Tried %(number)s times.", row.attempts) % {"number": row.attempts}
    if next_try is None:
        return f"{tried} {_why(row.error)}"
    when = ui.moment(max(next_try, timezone.now()))
    return f"{tried} {_why(row.error)} {gettext('Next try: %(when)s.') % {'when': when}}"


def _why(error: str) -> str:
    """What the mail server said, or that it said nothing, in a sentence."""
    answer = _ANSWER.fullmatch(error)
    if answer is None:
        return gettext("The mail server cannot be used (%(error)s).") % {"error": error}
    code, status = answer.groups()
    if status and not status.endswith(".0.0"):
        return delivery_words.why(status)
    if code in _LOGIN:
        words = gettext("The mail server does not let us in.")
    elif code.startswith("4"):
        words = gettext("The mail server asks us to try later.")
    elif code in _ADDRESS:
        words = gettext("The mail server does not take mail for this address.")
    else:
        words = gettext("The mail server does not take this message.")
    return gettext("%(why)s (Code %(code)s)") % {"why": words, "code": status or code}


def _what_helps(error: str) -> str:
    answer = _ANSWER.fullmatch(error)
    code, status = answer.groups() if answer else ("", "")
    about_address = (status or "").startswith("5.1.") or (not status and code in _ADDRESS)
    return str(_ANOTHER_WAY if about_address else _TELL_OPERATOR)
