"""The closed sets of the domain. Values are what the database, the API and the YAML files hold."""

from enum import StrEnum


class Right(StrEnum):
    """The rights a person can ask for (GDPR Art. 7(3), 15-22, 77)."""

    ACCESS = "access"
    RECTIFICATION = "rectification"
    ERASURE = "erasure"
    CONSENT_WITHDRAWAL = "consent_withdrawal"
    RESTRICTION = "restriction"
    PORTABILITY = "portability"
    OBJECTION = "objection"
    MARKETING_OBJECTION = "marketing_objection"
    AUTOMATED_DECISION = "automated_decision"
    COMPLAINT = "complaint"


class Stage(StrEnum):
    """Where one request is on its way; waiting, extension and failures are rows of their own."""

    RECEIVED = "received"
    TRIAGED = "triaged"
    IN_PROGRESS = "in_progress"
    DECISION_DRAFT = "decision_draft"
    IN_REVIEW = "in_review"
    RELEASED = "released"
    CLOSED = "closed"


STAGE_ORDER: tuple[Stage, ...] = tuple(Stage)


class Outcome(StrEnum):
    """How a request ended."""

    FULFILLED = "fulfilled"
    PARTLY_FULFILLED = "partly_fulfilled"
    REFUSED = "refused"
    NO_DATA = "no_data"
    WITHDRAWN_BY_REQUESTER = "withdrawn_by_requester"
    CLOSED_UNVERIFIED = "closed_unverified"
    FORWARDED = "forwarded"
    NOT_A_REQUEST = "not_a_request"
    DUPLICATE = "duplicate"


class Channel(StrEnum):
    """How a message reached us."""

    FORM = "form"
    MAIL = "mail"
    API = "api"
    PHONE = "phone"
    LETTER = "letter"
    IN_PERSON = "in_person"


class MailboxFault(StrEnum):
    """Why a mailbox could not be read."""

    AWAY = "away"
    LOGIN = "login"
    CERTIFICATE = "certificate"
    PLAIN = "plain"  # it offers no encryption
    NONSENSE = "nonsense"  # it answers what its protocol does not know
    NO_FOLDER = "no_folder"  # a folder that should be read is not there or closed to us
    NO_ACCESS = "no_access"  # it does not accept our access token
    # … and no token was given out:
    ISSUER_AWAY = "issuer_away"
    CREDENTIAL_EXPIRED = "credential_expired"
    CREDENTIAL_WRONG = "credential_wrong"
    APPLICATION = "application"  # nobody knows it, or the tenant
    CONSENT = "consent"
    ISSUER_REFUSES = "issuer_refuses"  # for another reason


class Verdict(StrEnum):
    """What a person decided an inquiry is."""

    UNSORTED = "unsorted"
    REQUEST = "request"
    NOT_A_REQUEST = "not_a_request"
    SPAM = "spam"


class Outside(StrEnum):
    """What a person decided a mail is that somebody here sent to the person of a case by hand."""

    ANSWER = "answer"
    CORRESPONDENCE = "correspondence"


class ExcisionKind(StrEnum):
    """What was cut out of a stored mail, since no copy of an identity document is kept."""

    ATTACHMENT = "attachment"
    NUMBERS = "numbers"
    ALL_BUT_TEXT = "all_but_text"


class Requester(StrEnum):
    """In which capacity the person who writes is asking."""

    SELF = "self"
    REPRESENTATIVE = "representative"
    GUARDIAN = "guardian"


class MandateKind(StrEnum):
    """By what right somebody asks for another person."""

    AGENT = "agent"
    LAWYER = "lawyer"
    GUARDIAN = "guardian"


class MandateCheck(StrEnum):
    """What a member of staff looked at before they took somebody's word that they may ask for another."""

    WRITTEN = "written"
    CONTROLLER = "controller"  # it names us, or whoever may hold data
    RIGHTS = "rights"
    PERIOD = "period"
    AGENT = "agent"  # whoever writes is the one whom it names
    BAR = "bar"  # the register of lawyers has them
    STATEMENT = "statement"
    RESPONSIBILITY = "responsibility"  # a statement of parental responsibility or guardianship
    ADDRESS = "address"  # an address on file of the child, the ward or the parent is theirs
    MATURITY = "maturity"  # the child is too young to act alone, or agrees
    NO_CONFLICT = "no_conflict"
    CONFIRMED = "confirmed"  # the person said so themselves, from their own address on file


class Role(StrEnum):
    """What a member of staff may do; one may hold several."""

    INTAKE = "intake"
    HANDLER = "handler"
    APPROVER = "approver"
    DECISION_MAKER = "decision_maker"
    DPO = "dpo"
    SYSTEM_OWNER = "system_owner"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class StaffNotice(StrEnum):
    """What a mail to a member of staff is about."""

    ASSIGNED = "assigned"
    REPLIED = "replied"
    DUE_SOON = "due_soon"  # three days or fewer, or overdue
    BOUNCED = "bounced"
    HARD_ALARM = "hard_alarm"  # what no pause of the clock holds off
    COMPLAINT = "complaint"
    MAILBOX = "mailbox"
    TO_DO = "to_do"  # something in a system waits for a person


class LookedAt(StrEnum):
    """What somebody of the staff opened; `original` is an inquiry or a mail as it came."""

    CASE = "case"
    INQUIRY = "inquiry"
    ORIGINAL = "original"
    ATTACHMENT = "attachment"
    EVIDENCE = "evidence"
    ANSWER = "answer"
    LETTER = "letter"
    TASK = "task"
    PLAN = "plan"
    CORRECTIONS = "corrections"


class Direction(StrEnum):
    """Which way a message went."""

    IN = "in"
    OUT = "out"


class MessageState(StrEnum):
    """Where a message is on its way; `uncertain` = handed over, but no answer was seen.

    `paper`: a letter to be posted or handed over, which no mail system gets.
    `bounced` = it left and came back: the person does not have it.
    `dropped` = not sent, since what it reminds of was done while it waited, or its words were taken back: nothing is
    wrong, and nobody is told.
    """

    RECEIVED = "received"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    BOUNCED = "bounced"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    PAPER = "paper"
    DROPPED = "dropped"


class Intent(StrEnum):
    """Why a message was written."""

    INQUIRY = "inquiry"
    REPLY = "reply"
    STAFF_MESSAGE = "staff_message"
    ACKNOWLEDGEMENT = "acknowledgement"
    IDENTITY_REQUEST = "identity_request"
    CLARIFICATION = "clarification"  # what exactly the person wants to see of a lot of data: letter T03
    ANSWER_READY = "answer_ready"
    ONE_TIME_CODE = "one_time_code"
    STATUS_LINK = "status_link"
    REMINDER = "reminder"
    CONFIRMATION = "confirmation"  # of what took effect at once: letter T15
    LIFTING = "lifting"  # a restriction is to be lifted: letter T19
    ENDING = "ending"  # a request ends without a decision on its matter
    FEE = "fee"  # what an answer would cost, before anything is charged: letter T20
    ORDERS_DONE = "orders_done"  # what an answer called ordered from a vendor has been carried out
    EXTENSION = "extension"  # the time for the answer is extended: letter T05
    WAITING_REMINDER = "waiting_reminder"  # what the person still has to send us: letter T04
    NEW_DAY = "new_day"  # the day we named has moved: letter T01
    STILL_WAITING = "still_waiting"  # at the alarm, why we cannot answer yet: letter T07
    LATE = "late"  # the answer is overdue, and comes on another day: letter T21
    OUTSIDE = "outside"  # written by somebody here in their own mail program
    MANDATE = "mandate"  # who writes for another has to show that they may: letter T22


class FeeKind(StrEnum):
    """Why an answer may cost something."""

    FURTHER_COPY = "further_copy"  # Art. 15(3)
    EXCESSIVE = "excessive"  # manifestly unfounded or excessive, Art. 12(5)(a)


class RequirementKind(StrEnum):
    """What must hold before an answer can be released; upper layers write the rows."""

    IDENTITY = "identity"
    SYSTEMS = "systems"
    REGISTER = "register"
    ANSWER = "answer"
    DELIVERY_ADDRESS = "delivery_address"
    PLAN = "plan"  # what is to be deleted or corrected is decided and done
    RECIPIENTS = "recipients"  # whoever received the data was told (Art. 19); asked for at closure only
    BLOCK = "block"  # somebody writes for another: who gets no marketing is found out, or why nobody is written down
    MANDATE = "mandate"  # somebody writes for another: whether they may
    BASIS = "basis"  # consent is withdrawn: whether another basis for the data remains (Art. 17(1)(b)); at closure only


class RequirementState(StrEnum):
    """Whether a requirement holds."""

    OPEN = "open"
    MET = "met"


class SuspensionKind(StrEnum):
    """Why the clock stands (EDPB 01/2022 paragraph 159; recital 63)."""

    IDENTITY = "identity"
    CLARIFICATION = "clarification"


class ExtensionReason(StrEnum):
    """What makes a request complex enough for two further months (GDPR Art. 12(3))."""

    VOLUME = "volume"
    DISPERSED = "dispersed"
    REDACTION = "redaction"
    RAW_DATA = "raw_data"
    PEAK = "peak"


class NoExtensionReason(StrEnum):
    """What people would like to give as a reason for an extension, and what is none (EDPB 01/2022)."""

    EFFORT = "effort"
    COMPANY_SIZE = "company_size"
    HOLIDAYS = "holidays"
    SHORT_HANDED = "short_handed"


class AdviceSubject(StrEnum):
    """What the data protection officer is asked about (GDPR Art. 39(1)(a))."""

    EXTENSION = "extension"
    REFUSAL = "refusal"


class SuppressionState(StrEnum):
    """How a do-not-contact entry stands; `provisional` came with a wish that nobody has sorted yet."""

    PROVISIONAL = "provisional"
    STANDING = "standing"
    LIFTED = "lifted"


class BasisAnswer(StrEnum):
    """What there is to say, after consent was withdrawn, of the data that was used by it (Art. 17(1)(b))."""

    REMAINS = "remains"
    DELETE = "delete"
    NOTHING = "nothing"


class DeliveryWay(StrEnum):
    """How staff bring an answer to somebody whom no mail reaches; `phone` only tells what took effect at once."""

    POST = "post"
    IN_PERSON = "in_person"
    PHONE = "phone"


class ActorKind(StrEnum):
    """Who acts."""

    STAFF = "staff"
    SYSTEM = "system"
    PERSON = "person"
    OWNER = "owner"


class Action(StrEnum):
    """The verbs that move a request from one stage to another."""

    TRIAGE = "triage"
    START = "start"
    DRAFT = "draft"
    SUBMIT = "submit"
    SEND_BACK = "send_back"
    RELEASE = "release"
    CLOSE = "close"
    REOPEN = "reopen"
    CONFIRM = "confirm"
