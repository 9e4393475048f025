"""One subject a file; no workflow in models."""

from .advice import Advice
from .attachment import Attachment
from .audit import AuditEntry, AuditHead
from .case import Case, CaseSerial
from .clock import DeadlineHistory, ReceiptCorrection, ReminderSent, Suspension
from .correction import Correction
from .decision import Decision, Override
from .delivery_report import DeliveryReport
from .digest import DigestSent, HeldNotice
from .dsr import DataSubjectRequest, Requirement
from .excision import Excision
from .extension import Extension
from .fee import Fee
from .held_file import HeldFile
from .inquiry import ApiSubmission, Inquiry, IntakeDraft, ReadPosition, RefusedFile, Sighting
from .legal_hold import LegalHold
from .letter_text import LetterText
from .look import Look
from .mailbox_health import MailboxHealth
from .mandate import Mandate
from .message import Message, Note
from .organisation import Organisation, OrganisationVersion
from .outbox import Heartbeat, OutboxEvent
from .sent_mail import SentMail
from .shield import BreakGlass, CaseParty, CaseReader
from .suppression import Suppression

__all__ = [
    "Advice",
    "ApiSubmission",
    "Attachment",
    "AuditEntry",
    "AuditHead",
    "BreakGlass",
    "Case",
    "CaseParty",
    "CaseReader",
    "CaseSerial",
    "Correction",
    "DataSubjectRequest",
    "DeadlineHistory",
    "Decision",
    "DeliveryReport",
    "DigestSent",
    "Excision",
    "Extension",
    "Fee",
    "Heartbeat",
    "HeldFile",
    "HeldNotice",
    "Inquiry",
    "IntakeDraft",
    "LegalHold",
    "LetterText",
    "Look",
    "MailboxHealth",
    "Mandate",
    "Message",
    "Note",
    "Organisation",
    "OrganisationVersion",
    "OutboxEvent",
    "Override",
    "ReadPosition",
    "ReceiptCorrection",
    "RefusedFile",
    "ReminderSent",
    "Requirement",
    "SentMail",
    "Sighting",
    "Suppression",
    "Suspension",
]
