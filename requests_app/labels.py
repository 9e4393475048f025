"""The words for the values of the closed sets: the official terms for staff, everyday words for people."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from requests_app.domain.enums import (
    Action,
    AdviceSubject,
    BasisAnswer,
    Channel,
    DeliveryWay,
    ExtensionReason,
    FeeKind,
    Intent,
    LookedAt,
    MailboxFault,
    MandateCheck,
    MandateKind,
    MessageState,
    NoExtensionReason,
    Outcome,
    Requester,
    RequirementKind,
    Right,
    Role,
    StaffNotice,
    Stage,
    SuspensionKind,
    Verdict,
)
from requests_app.domain.milestones import MilestoneKind

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

MAILBOX_FAULTS: dict[str, Promise] = {
    MailboxFault.AWAY: _("the server does not answer"),
    MailboxFault.LOGIN: _("the server does not accept the user and password"),
    MailboxFault.CERTIFICATE: _("the server shows a certificate that is not trusted"),
    MailboxFault.PLAIN: _("the server offers no encryption"),
    MailboxFault.NONSENSE: _("the answers of the server cannot be understood"),
    MailboxFault.NO_FOLDER: _("the folder is missing or cannot be opened"),
    MailboxFault.NO_ACCESS: _("the server does not let our application into this mailbox"),
    MailboxFault.ISSUER_AWAY: _("the service that gives our application access does not answer"),
    MailboxFault.CREDENTIAL_EXPIRED: _("the secret of our application has expired"),
    MailboxFault.CREDENTIAL_WRONG: _("the secret or key of our application is not accepted"),
    MailboxFault.APPLICATION: _("our application is not known to the service that gives it access"),
    MailboxFault.CONSENT: _("no administrator has given our application access to mail"),
    MailboxFault.ISSUER_REFUSES: _("the service that gives our application access refuses it"),
}

REQUESTERS: dict[str, Promise] = {
    Requester.SELF: _("The person"),
    Requester.REPRESENTATIVE: _("A representative"),
    Requester.GUARDIAN: _("A parent or guardian"),
}

MANDATE_KINDS: dict[str, Promise] = {
    MandateKind.AGENT: _("An agent with a mandate"),
    MandateKind.LAWYER: _("A lawyer"),
    MandateKind.GUARDIAN: _("A parent or guardian"),
}

MANDATE_CHECKS: dict[str, Promise] = {
    MandateCheck.WRITTEN: _("The mandate is in writing, and the person signed it"),
    MandateCheck.CONTROLLER: _("It names us, or those who may hold data about the person"),
    MandateCheck.RIGHTS: _("It names what may be asked for"),
    MandateCheck.PERIOD: _("It says since when it holds, and until when"),
    MandateCheck.AGENT: _("Whoever writes is the one whom it names"),
    MandateCheck.BAR: _("The register of lawyers has them, and they write from their firm"),
    MandateCheck.STATEMENT: _("They state that they have a mandate"),
    MandateCheck.RESPONSIBILITY: _("They state that they have parental responsibility, or are the guardian"),
    MandateCheck.ADDRESS: _("They write from an address on file of the child, the ward or the parent"),
    MandateCheck.MATURITY: _("The child is too young to ask alone, or agrees"),
    MandateCheck.NO_CONFLICT: _("Nothing points to a conflict of interests"),
    MandateCheck.CONFIRMED: _("The person confirmed it to us, from their own address on file"),
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
    Intent.CLARIFICATION: _("Question about what is wanted"),
    Intent.ANSWER_READY: _("Answer ready"),
    Intent.ONE_TIME_CODE: _("One-time code"),
    Intent.STATUS_LINK: _("Status link"),
    Intent.REMINDER: _("Reminder"),
    Intent.CONFIRMATION: _("Confirmation"),
    Intent.LIFTING: _("End of a restriction"),
    Intent.ENDING: _("Closing letter"),
    Intent.ORDERS_DONE: _("Orders carried out"),
    Intent.EXTENSION: _("Extension of the time"),
    Intent.FEE: _("Notice of a fee"),
    Intent.WAITING_REMINDER: _("Reminder of our question"),
    Intent.NEW_DAY: _("New day for the answer"),
    Intent.STILL_WAITING: _("Notice that we still wait"),
    Intent.LATE: _("Apology for the delay"),
    Intent.MANDATE: _("Request for the mandate"),
    Intent.OUTSIDE: _("Written outside the system"),
}

# What the staff have to do, in the subject of a reminder and in the lines of the morning's mail.
MILESTONES: dict[str, Promise] = {
    MilestoneKind.ACKNOWLEDGE: _("Confirm the receipt"),
    MilestoneKind.TRIAGE: _("Sort"),
    MilestoneKind.ASK: _("Ask the person now"),
    MilestoneKind.SEARCH: _("Systems have not answered"),
    MilestoneKind.HALF: _("Half of the time is gone"),
    MilestoneKind.DRAFT: _("Draft the answer"),
    MilestoneKind.THREE_QUARTERS: _("Three quarters of the time are gone"),
    MilestoneKind.EXTEND: _("Last day to decide on an extension"),
    MilestoneKind.DUE_5: _("Due in a few days"),
    MilestoneKind.REVIEW: _("Approve the answer"),
    MilestoneKind.DUE_2: _("Due very soon"),
    MilestoneKind.ACT_BY: _("Last working day"),
    MilestoneKind.ALARM: _("The person must hear from us"),
    MilestoneKind.CONFIRM: _("Tell the person that it has taken effect"),
    MilestoneKind.PROCESSORS: _("Systems have not been told"),
    MilestoneKind.STOP: _("Must be stopped today"),
    MilestoneKind.CALL: _("No answer for five days: call the number on file"),
    MilestoneKind.UNVERIFIED: _("Can be closed: nobody has shown who is asking"),
    MilestoneKind.OVERDUE: _("Overdue"),
}

SUSPENSIONS: dict[str, Promise] = {
    SuspensionKind.IDENTITY: _("Who is asking?"),
    SuspensionKind.CLARIFICATION: _("What is wanted?"),
}

# Why a question was asked that may stop the clock: the doubts of the identity app, and the amount of data.
GROUNDS: dict[str, Promise] = {
    "unknown_address": _("The request comes from an address that no system holds"),
    "mismatch": _("What the request says does not agree with what we hold"),
    "fraud_sign": _("There are signs of fraud"),
    "high_harm_data": _("The answer would do harm in the wrong hands"),
    "address_change": _("The address on file is to be changed"),
    "large_amount": _("A large amount of data"),
}

MESSAGE_STATES: dict[str, Promise] = {
    MessageState.RECEIVED: pgettext_lazy("message", "Received"),
    MessageState.QUEUED: pgettext_lazy("message", "Queued"),
    MessageState.SENDING: pgettext_lazy("message", "Being sent"),
    MessageState.SENT: pgettext_lazy("message", "Sent"),
    MessageState.BOUNCED: pgettext_lazy("message", "Came back"),
    MessageState.FAILED: pgettext_lazy("message", "Not sent"),
    MessageState.UNCERTAIN: pgettext_lazy("message", "Uncertain"),
    MessageState.PAPER: pgettext_lazy("message", "On paper"),
    MessageState.DROPPED: pgettext_lazy("message", "No longer needed"),
}

BASIS_ANSWERS: dict[str, Promise] = {
    BasisAnswer.REMAINS: _("Another basis remains"),
    BasisAnswer.DELETE: _("There is none: delete the data"),
    BasisAnswer.NOTHING: _("There is nothing to delete"),
}

DELIVERY_WAYS: dict[str, Promise] = {
    "": _("On the status page"),
    DeliveryWay.POST: _("By post"),
    DeliveryWay.IN_PERSON: _("Handed over"),
    DeliveryWay.PHONE: _("By phone"),
}

EXTENSION_REASONS: dict[str, Promise] = {
    ExtensionReason.VOLUME: _("There is a large amount of data"),
    ExtensionReason.DISPERSED: _("The data is spread over many systems or places"),
    ExtensionReason.REDACTION: _("Much has to be redacted to protect others"),
    ExtensionReason.RAW_DATA: _("Raw data has to be explained before it can be understood"),
    ExtensionReason.PEAK: _("Exceptionally many requests at the moment"),
    NoExtensionReason.EFFORT: _("It is a lot of work"),
    NoExtensionReason.COMPANY_SIZE: _("We are a large organisation"),
    NoExtensionReason.HOLIDAYS: _("Colleagues are on holiday"),
    NoExtensionReason.SHORT_HANDED: _("We are short-handed"),
}

FEE_KINDS: dict[str, Promise] = {
    FeeKind.FURTHER_COPY: _("It is a further copy of what the person has had already (Article 15(3))"),
    FeeKind.EXCESSIVE: _("The request is manifestly unfounded or excessive (Article 12(5)(a))"),
}

ADVICE_SUBJECTS: dict[str, Promise] = {
    AdviceSubject.EXTENSION: _("the extension"),
    AdviceSubject.REFUSAL: _("the refusal"),
}

STAFF_NOTICES: dict[str, Promise] = {
    StaffNotice.ASSIGNED: _("Somebody gave you a case"),
    StaffNotice.REPLIED: _("The person of a case has written"),
    StaffNotice.DUE_SOON: _("Three days or fewer are left, or none"),
    StaffNotice.BOUNCED: _("A mail did not reach the person"),
    StaffNotice.HARD_ALARM: _("A case waits for the person, and its last day comes near"),
    StaffNotice.COMPLAINT: _("Somebody has complained"),
    StaffNotice.MAILBOX: _("A mailbox is not read"),
    StaffNotice.TO_DO: _("Something has to be done in a system"),
}

LOOKED_AT: dict[str, Promise] = {
    LookedAt.CASE: _("The page of the case"),
    LookedAt.INQUIRY: _("An inquiry"),
    LookedAt.ORIGINAL: _("A message as it came"),
    LookedAt.ATTACHMENT: _("An attachment"),
    LookedAt.EVIDENCE: _("A scan or a file of a system"),
    LookedAt.ANSWER: _("A file of the answer"),
    LookedAt.LETTER: _("A letter as PDF"),
    LookedAt.TASK: _("A task in a system"),
    LookedAt.PLAN: _("The plan of the deletion"),
    LookedAt.CORRECTIONS: _("The corrections"),
}

GENERAL_HOLIDAYS: dict[str, Promise] = {
    "easter": _("Easter"),
    "may": _("the week of 17 May"),
    "summer": _("the general summer holiday"),
    "christmas": _("Christmas"),
}

REQUIREMENTS: dict[str, Promise] = {
    RequirementKind.IDENTITY: _("Identity"),
    RequirementKind.SYSTEMS: _("Systems"),
    RequirementKind.REGISTER: _("Register"),
    RequirementKind.ANSWER: _("Answer package"),
    RequirementKind.DELIVERY_ADDRESS: _("Delivery address"),
    RequirementKind.PLAN: _("Plan"),
    RequirementKind.RECIPIENTS: _("Recipients told"),
    RequirementKind.BLOCK: _("Whom it concerns"),
    RequirementKind.MANDATE: _("Mandate"),
    RequirementKind.BASIS: _("Another basis"),
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
    Action.CONFIRM: _("Confirm to the person"),
}


# The countries whose holidays are known (`domain.calendars`).
COUNTRIES: dict[str, Promise] = {
    "AT": _("Austria"),
    "DE": _("Germany"),
    "DK": _("Denmark"),
    "FI": _("Finland"),
    "IS": _("Iceland"),
    "NL": _("The Netherlands"),
    "NO": _("Norway"),
    "SE": _("Sweden"),
}

# What a mail was written in; wider than the languages we answer in.
SPOKEN: dict[str, Promise] = {
    "nb": _("Norwegian (Bokmål)"),
    "nn": _("Norwegian (Nynorsk)"),
    "en": _("English"),
    "sv": _("Swedish"),
    "da": _("Danish"),
    "de": _("German"),
    "other": _("Another language"),
}

# Why no machine answered: the codes of `mailbox.autoreply`, `no_address`, `import` for a backlog, and those of
# `services.confirmations`.
NOT_ACKNOWLEDGED: dict[str, Promise] = {
    "null_sender": _("There is nobody to answer: it names no sender, or it is a delivery report."),
    "auto_submitted": _("It says of itself that a machine sent it."),
    "list": _("It came by a mailing list."),
    "header": _("It carries the mark of an automatic reply."),
    "local_part": _("The address is one that no person reads."),
    "own_address": _("It comes from one of our own addresses."),
    "not_addressed": _("It was not addressed to us."),
    "unauthenticated": _("It may be forged: the sender’s domain does not vouch for it."),
    "content": _("It reads like an out-of-office reply, an invitation or a forwarded mail."),
    "no_address": _("There is no e-mail address to answer to."),
    "confirmed_many": _("Very many confirmations went out within the hour. It follows by itself."),
    "confirmed_often": _("The address got several confirmations within a day. It follows by itself."),
    "confirmed_subject": _("The address just got a confirmation for the same subject. It follows by itself."),
    "import": _("It was imported with other old mail."),
    "answer": _("It answers a mail of ours, so a person has to look first."),
    "junk": _("It lies in the spam folder, so a person has to look first."),
    "letter_part_missing": _("Its text lacks something that it must say."),
    "words_unresolved": _("Its text cannot be filled in: the template asks for something unknown."),
}

# What was wrong with a mail: the codes of `mailbox.parsed`. It is kept and shown in spite of each.
PROBLEMS: dict[str, Promise] = {
    "empty": _("The mail is empty."),
    "no_headers": _("The mail has no header: nobody knows who sent it."),
    "header_too_long": _("The header is so long that its end was not read."),
    "too_many_parts": _("The mail has more parts than we read."),
    "nested_too_deep": _("The mail has parts within parts, deeper than we read."),
    "malformed": _("The mail is malformed. Text may be missing."),
    "charset": _("Some characters could not be read."),
    "text_truncated": _("The text is longer than what is shown."),
    "encrypted": _(
        "We cannot read this: it is encrypted, at least in part. Ask the sender to write again without that."
    ),
    "tnef": _(
        "Outlook has packed its attachments into a file that only Outlook opens (winmail.dat). It is kept. Ask the "
        "sender for ordinary files if they matter."
    ),
    "withheld": _(
        "The mail server could not hand out this mail, and gave this note instead. The mail still lies in the mailbox: "
        "open it there."
    ),
    "unreadable": _("The body could not be read. Open the mail as it came."),
    "timeout": _("Reading took too long."),
    "crashed": _("The reader gave up."),
    "sender_unproven": _("Our mail server says that this mail does not come from the domain of its sender."),
    "oversize": _("The mail is too large to fetch. Only its header is here."),
}


def right_label(code: str) -> Promise | str:
    """Return the word for a right; "not sorted yet" for the blank one."""
    return RIGHTS.get(code, _("Not sorted yet"))
