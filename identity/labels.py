"""The words for the closed sets of identity (source strings in English)."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from identity.domain.enums import ContactChannel, DoubtReason, Level, Method, VerificationState
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

ROLE_HELP: dict[str, Promise] = {
    Role.INTAKE: _("Sorts what comes in, and writes to people."),
    Role.HANDLER: _("Works on cases: identity, systems, drafts of answers."),
    Role.APPROVER: _("Releases answers that somebody else has prepared."),
    Role.DECISION_MAKER: _("Acts for the controller: releases, overrides, fills in the register."),
    Role.DPO: _("Reads every case and the register, and advises."),
    Role.SYSTEM_OWNER: _("Sees nothing but tasks of their own."),
    Role.AUDITOR: _("Reads the register."),
    Role.ADMINISTRATOR: _("Gives and takes away accounts. Sees no cases."),
}
