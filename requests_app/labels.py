"""The words for the values of the closed sets (domain.md section 1: official terms for staff)."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from requests_app.domain.enums import (
    Action,
    Channel,
    Intent,
    MessageState,
    Outcome,
    Requester,
    RequirementKind,
    Right,
    Role,
    Stage,
    Verdict,
)

RIGHTS: dict[str, Promise] = {
    Right.ACCESS: _("Access"),
    Right.RECTIFICATION: _("Rectification"),
    Right.ERASURE: _("Erasure"),
    Right.CONSENT_WITHDRAWAL: _("Withdrawal of consent"),
    Right.RESTRICTION: _("Restriction"),
    Right.PORTABILITY: _("Data portability"),
    Right.OBJECTION: _("Objection"),
    Right.MARKETING_OBJECTION: _("Objection to direct marketing"),
    Right.AUTOMATED_DECISION: _("Automated decision review"),
    Right.COMPLAINT: _("Complaint"),
}

STAGES: dict[str, Promise] = {
    Stage.RECEIVED: pgettext_lazy("stage", "Received"),
    Stage.TRIAGED: pgettext_lazy("stage", "Sorted"),
    Stage.IN_PROGRESS: pgettext_lazy("stage", "In progress"),
    Stage.DECISION_DRAFT: pgettext_lazy("stage", "Draft"),
    Stage.IN_REVIEW: pgettext_lazy("stage", "To approve"),
    Stage.RELEASED: pgettext_lazy("stage", "Ready"),
    Stage.CLOSED: pgettext_lazy("stage", "Closed"),
}

OUTCOMES: dict[str, Promise] = {
    Outcome.FULFILLED: _("Fulfilled"),
    Outcome.PARTLY_FULFILLED: _("Partly fulfilled"),
    Outcome.REFUSED: _("Refused"),
    Outcome.NO_DATA: _("No data found"),
    Outcome.WITHDRAWN_BY_REQUESTER: _("Withdrawn by the requester"),
    Outcome.CLOSED_UNVERIFIED: _("Closed without confirmed identity"),
    Outcome.FORWARDED: _("Forwarded, or not controller"),
    Outcome.NOT_A_REQUEST: _("Not a request"),
    Outcome.DUPLICATE: _("Duplicate"),
}

CHANNELS: dict[str, Promise] = {
    Channel.FORM: _("Form"),
    Channel.MAIL: _("E-mail"),
    Channel.API: _("API"),
    Channel.PHONE: _("Phone"),
    Channel.LETTER: _("Letter"),
    Channel.IN_PERSON: _("In person"),
}

VERDICTS: dict[str, Promise] = {
    Verdict.UNSORTED: _("Unsorted"),
    Verdict.REQUEST: _("Request"),
    Verdict.NOT_A_REQUEST: _("Not a request"),
    Verdict.SPAM: _("Spam"),
}

REQUESTERS: dict[str, Promise] = {
    Requester.SELF: _("The person"),
    Requester.REPRESENTATIVE: _("A representative"),
    Requester.GUARDIAN: _("A parent or guardian"),
}

ROLES: dict[str, Promise] = {
    Role.INTAKE: _("Intake"),
    Role.HANDLER: _("Handler"),
    Role.APPROVER: _("Approver"),
    Role.DECISION_MAKER: _("Decision-maker"),
    Role.DPO: _("Data protection officer"),
    Role.SYSTEM_OWNER: _("System owner"),
    Role.AUDITOR: _("Auditor"),
    Role.ADMINISTRATOR: _("Administrator"),
}

INTENTS: dict[str, Promise] = {
    Intent.INQUIRY: _("Inquiry"),
    Intent.REPLY: _("Reply"),
    Intent.STAFF_MESSAGE: _("Message"),
    Intent.ACKNOWLEDGEMENT: _("Acknowledgement"),
    Intent.IDENTITY_REQUEST: _("Identity request"),
    Intent.ANSWER_READY: _("Answer ready"),
    Intent.ONE_TIME_CODE: _("One-time code"),
    Intent.STATUS_LINK: _("Status link"),
    Intent.REMINDER: _("Reminder"),
}

MESSAGE_STATES: dict[str, Promise] = {
    MessageState.RECEIVED: pgettext_lazy("message", "Received"),
    MessageState.QUEUED: pgettext_lazy("message", "Queued"),
    MessageState.SENDING: pgettext_lazy("message", "Being sent"),
    MessageState.SENT: pgettext_lazy("message", "Sent"),
    MessageState.FAILED: pgettext_lazy("message", "Not sent"),
    MessageState.UNCERTAIN: pgettext_lazy("message", "Uncertain"),
}

REQUIREMENTS: dict[str, Promise] = {
    RequirementKind.IDENTITY: _("Identity"),
    RequirementKind.SYSTEMS: _("Systems"),
    RequirementKind.REGISTER: _("Register"),
    RequirementKind.ANSWER: _("Answer package"),
    RequirementKind.DELIVERY_ADDRESS: _("Delivery address"),
}

ACTIONS: dict[str, Promise] = {
    Action.TRIAGE: _("Sort"),
    Action.START: _("Start the search"),
    Action.DRAFT: _("Draft the answer"),
    Action.SUBMIT: _("Submit for approval"),
    Action.SEND_BACK: _("Send back"),
    Action.RELEASE: _("Release the answer"),
    Action.CLOSE: _("Close"),
    Action.REOPEN: _("Reopen"),
}


def right_label(code: str) -> Promise | str:
    """Return the word for a right; "not sorted yet" for the blank one."""
    return RIGHTS.get(code, _("Not sorted yet"))
