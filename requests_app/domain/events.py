"""What the case announces. Events carry ids, never personal data; `config/wiring.py` says who listens."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Event:
    """Base of all events; fields are integers, lists of them, or short strings that identify rows."""


@dataclass(frozen=True)
class InquiryReceived(Event):
    """Raw bytes of a message are kept; it can be read now."""

    inquiry_id: int


@dataclass(frozen=True)
class SentMailFound(Event):
    """Raw bytes of a mail that somebody here sent by hand are kept; it can be read now."""

    sent_mail_id: int


@dataclass(frozen=True)
class CaseOpened(Event):
    """A case exists; the person is owed an acknowledgement."""

    case_id: int


@dataclass(frozen=True)
class RequestNamed(Event):
    """After the acknowledgement it became clear what a request asks for; the person is owed word of it."""

    dsr_id: int


@dataclass(frozen=True)
class DeadlineMoved(Event):
    """A request of a case has other dates than before; whoever was told a day may be owed the new one."""

    case_id: int


@dataclass(frozen=True)
class LinkWanted(Event):
    """Somebody asked for status links by an address; `case_ids` are its cases, often none."""

    case_ids: list[int]


@dataclass(frozen=True)
class MessageQueued(Event):
    """A message waits to be sent."""

    message_id: int


@dataclass(frozen=True)
class MessageSent(Event):
    """A message was handed over to the mail system."""

    message_id: int


@dataclass(frozen=True)
class MessageFailed(Event):
    """A message to the person did not go out, came back, or nobody knows whether it went; `attempt` counts from 1."""

    message_id: int
    attempt: int


@dataclass(frozen=True)
class PersonWrote(Event):
    """The person wrote on a case on which everything was read before."""

    message_id: int


@dataclass(frozen=True)
class CaseAssigned(Event):
    """Somebody gave a case to somebody else; `version` is that of the case since then."""

    case_id: int
    user_id: int
    version: int


@dataclass(frozen=True)
class SmsWanted(Event):
    """A one-time code waits to be sent by SMS."""

    code_id: int


@dataclass(frozen=True)
class IdentityConfirmed(Event):
    """The person confirmed an address on file; whoever searched without it has not found everything."""

    case_id: int


@dataclass(frozen=True)
class MandateChanged(Event):
    """Whether somebody may ask for the person of a case, and get the answer, was looked at again."""

    case_id: int


@dataclass(frozen=True)
class BlockLifted(Event):
    """Marketing to the person of a case is allowed again; what was stopped in the systems for it follows."""

    case_id: int


@dataclass(frozen=True)
class OrganisationChanged(Event):
    """The settings of the organisation are others; what is printed from them may be outdated."""

    version: int


@dataclass(frozen=True)
class DatesOutdated(Event):
    """The settings that open requests are reckoned by are others; cases up to number `after` are done."""

    version: int
    after: int


@dataclass(frozen=True)
class AlarmRaised(Event):
    """A mailbox has been silent for too long, or is read again (`over` is 1); the times are in seconds since 1970."""

    mailbox_id: int
    over: int
    since: int
    raised_at: int


@dataclass(frozen=True)
class StaffJoined(Event):
    """Somebody used the link of an invitation up."""

    invitation_id: int


@dataclass(frozen=True)
class RequestEvent(Event):
    """Something happened to one request."""

    dsr_id: int


@dataclass(frozen=True)
class RequestTriaged(RequestEvent):
    """It is known which right is asked for."""


@dataclass(frozen=True)
class ReceiptCorrected(RequestEvent):
    """It was received on another day; what prints that day has to be drawn anew."""


@dataclass(frozen=True)
class RequestStarted(RequestEvent):
    """The search can begin."""


@dataclass(frozen=True)
class DecisionDrafted(RequestEvent):
    """An answer is being prepared."""


@dataclass(frozen=True)
class RequestReleased(RequestEvent):
    """A second person released the answer."""


@dataclass(frozen=True)
class RequestConfirmed(RequestEvent):
    """What took effect at once was confirmed to the person."""


@dataclass(frozen=True)
class RequestClosed(RequestEvent):
    """The request has its answer."""


@dataclass(frozen=True)
class RequestReopened(RequestEvent):
    """The request is worked on again."""
