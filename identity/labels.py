"""The words for the closed sets of identity (source strings in English)."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from identity.domain.assurance import Moment, Why
from identity.domain.enums import ContactChannel, DoubtReason, Level, Method, SessionEnd, VerificationState
from identity.domain.knowledge import OwnData
from requests_app.domain.enums import Role
from requests_app.labels import GROUNDS

DOUBTS: dict[str, Promise] = {doubt: GROUNDS[doubt] for doubt in DoubtReason}

LEVELS: dict[str, Promise] = {
    Level.L0: _("Control of the channel only"),
    Level.L1: _("Control of the address on file"),
    Level.L2: _("Address on file and one more proof"),
    Level.L3: _("Electronic ID"),
    Level.L4: _("Identity document shown"),
}

WHY: dict[str, Promise] = {
    Why.NEVER_MORE: _("This right takes effect at once and never needs more than the channel it came through."),
    Why.COOKIE_DEVICE: _("Nothing but cookie data: the person reads the cookie ID on the device, and gives no name."),
    Why.NOTHING_ASKED: _("Nothing gives reason to doubt who is asking, so nothing is asked."),
    Why.CODE_AT_DELIVERY: _("Whoever fetches the answer types in a code from the address. Nothing is asked before."),
    Why.SENDER_UNPROVEN: _("The way in which the request came does not show who wrote it, and data is to be changed."),
    Why.SENDER_FAILED: _("The mail failed the check of its sender, and data is to be changed."),
    Why.UNKNOWN_ADDRESS: _("We hold something about the person, but no system holds the address in the request."),
    Why.ADDRESS_LOST: _("The person can no longer read the address on file, so another proof stands in for it."),
    Why.DOUBTED: _("A member of staff has recorded a doubt."),
    Why.ADDRESS_CHANGE: _("An address on file is to be changed: the person confirms the old one and the new one."),
    Why.OLD_ADDRESS_LOST: _("The old address is lost, so another proof stands in for it before it is changed."),
    Why.GRAVE_DOUBT: _("A sign of fraud, or an answer that would do harm in the wrong hands, is recorded."),
    Why.GRAVE_DOUBTS: _("A grave doubt is recorded, and there is more that speaks against the person who asks."),
    Why.POSTED: _("Nothing shows that the person asks, and whoever gets a letter types in no code."),
    Why.MUCH_AT_STAKE: _("There is much at stake if the answer reaches the wrong person."),
    Why.CHANGED_LATELY: _("The address of the answer came on file within 30 days before the request, or after it."),
    Why.THIRD_PARTY: _("The answer goes to somebody else, who has to be named by the person."),
}

MOMENTS: dict[str, Promise] = {
    Moment.BEFORE: pgettext_lazy("level needed", "before anything is done"),
    Moment.AT_DELIVERY: pgettext_lazy("level needed", "when the answer is handed over"),
}

METHODS: dict[str, Promise] = {
    Method.EMAIL_LINK: _("Link to the address on file"),
    Method.ONE_TIME_CODE: _("One-time code to the delivery address"),
    Method.SMS_CODE: _("Code by SMS to the phone on file"),
    Method.KNOWLEDGE: _("Answers about own data"),
    Method.CALL_BACK: _("Call to the number on file"),
    Method.EID: _("Electronic ID"),
    Method.VIDEO_CALL: _("Identity document shown in a video call"),
    Method.SHOWN_DOCUMENT: _("Identity document shown in person"),
}

QUESTIONS: dict[str, Promise] = {
    OwnData.FIRST_CONTACT: _("In which month and year did you first have contact with us?"),
    OwnData.LAST_EVENT: _("Which event of ours did you last take part in?"),
    OwnData.LAST_ORDER: _("In which month and year did you last order from us?"),
    OwnData.NEWSLETTER: _("Which newsletter of ours did you choose?"),
    OwnData.CITY: _("Which town or city did you give us as your address?"),
}
MONTH_HELP = _("For instance 03.2024 or March 2024.")

STATES: dict[str, Promise] = {
    VerificationState.ASKED: pgettext_lazy("identity", "Waiting for an answer"),
    VerificationState.CONFIRMED: pgettext_lazy("identity", "Confirmed"),
    VerificationState.EXPIRED: pgettext_lazy("identity", "Link expired unused"),
    VerificationState.WITHDRAWN: pgettext_lazy("identity", "Question withdrawn"),
}

OLD_LOST = _("Can no longer be read by the person")

CHANNELS: dict[str, Promise] = {
    ContactChannel.EMAIL: _("E-mail"),
    ContactChannel.PHONE: _("Phone"),
}

# What the login says of the session before; who logged out needs no word about it.
SESSION_ENDS: dict[str, Promise] = {
    SessionEnd.IDLE: _("You were logged out after 30 minutes without use."),
    SessionEnd.TOO_LONG: _("You were logged out, because a login lasts 10 hours at most."),
    SessionEnd.ENDED: _("This session was ended from another browser or by an administrator."),
}

ROLE_HELP: dict[str, Promise] = {
    Role.INTAKE: _("Sorts what comes in, and writes to people."),
    Role.HANDLER: _("Works on cases: identity, systems, drafts of answers."),
    Role.APPROVER: _("Releases answers that somebody else has prepared."),
    Role.DECISION_MAKER: _("Acts for the controller: releases, overrides, fills in the register."),
    Role.DPO: _("Reads every case and the register, and advises."),
    Role.SYSTEM_OWNER: _("Sees nothing but tasks of their own."),
    Role.AUDITOR: _("Reads the register, and the cases without the persons in them."),
    Role.ADMINISTRATOR: _("Gives and takes away accounts. Sees no cases."),
}
