"""What the rest of the product knows of a mail: plain values, safe to store and to show."""

from dataclasses import asdict, dataclass, field
from typing import Any

from .addresses import Address

# The codes of `ParsedMail.problems`; the mail is kept and shown in spite of each.
EMPTY = "empty"  # not a single byte
NO_HEADERS = "no_headers"  # all of it is text
HEADER_TOO_LONG = "header_too_long"  # the end of the header block was not read
TOO_MANY_PARTS = "too_many_parts"  # the rest of the parts was not read
NESTED_TOO_DEEP = "nested_too_deep"  # likewise for what lies below
MALFORMED = "malformed"  # the MIME structure broke the reader; text may be missing
CHARSET = "charset"  # some characters could not be read, or only by a guess
TEXT_TRUNCATED = "text_truncated"  # the text is longer than what was kept
ENCRYPTED = "encrypted"  # S/MIME or PGP, at least in part: only who has the key can read it
TNEF = "tnef"  # attachments packed by Outlook (winmail.dat), which are kept as they came
WITHHELD = "withheld"  # not the mail, but what a server hands out in its place
UNREADABLE = "unreadable"  # the body was not read at all: over the limits, or the reader died
TIMEOUT = "timeout"  # … because it took too long
CRASHED = "crashed"  # … because the reader ended, usually for lack of memory
OVERSIZE = "oversize"  # the mail is bigger than we fetch; headers only
# Words of the sender that nobody here has read may ask for anything.
_UNREAD = frozenset({ENCRYPTED, UNREADABLE, OVERSIZE, MALFORMED, WITHHELD})


@dataclass(frozen=True)
class Attachment:
    """An attachment by description; its contents stay in the raw mail. `size` in bytes as decoded.

    `content_type` is what its bytes say where they say anything; `declared` is what the mail says, if that is another.
    `numbers` is how many national identity numbers stand in it, as far as it is text, or a mail, and was looked at.
    """

    name: str
    content_type: str
    size: int
    declared: str = ""
    numbers: int = 0


@dataclass(frozen=True)
class AttachedMail:
    """A mail inside the mail (message/rfc822): how people pass mail on, and what bounces return."""

    subject: str
    from_name: str
    from_address: str
    date_header: str
    message_id: str
    text: str


@dataclass(frozen=True)
class Delivery:
    """What a delivery report says of one recipient (RFC 3464).

    `action` is failed, delayed, delivered, relayed or expanded; `status` looks like 5.1.1 (RFC 3463). Each is "" where
    the report does not say.
    """

    action: str
    status: str
    recipient: str = ""


@dataclass(frozen=True)
class Facts:
    """What headers and structure say about automation (mail that must not be answered by a machine)."""

    auto_submitted: str | None = None  # first token in lower case, RFC 3834 section 5
    list_headers: tuple[str, ...] = ()  # names of List-* fields
    precedence: tuple[str, ...] = ()  # Precedence and X-Precedence, lower case
    robot_headers: tuple[str, ...] = ()  # names of X-Autoreply and its kin
    loops: tuple[str, ...] = ()  # values of X-Loop, lower case
    delivered_to: tuple[str, ...] = ()  # addresses of Delivered-To, Resent-*, X-Original-To, Envelope-To
    content_type: str = "text/plain"
    has_report: bool = False  # multipart/report or a delivery or disposition notification
    has_invitation: bool = False  # text/calendar
    signed: bool = False  # S/MIME or PGP; nobody has checked the signature
    spam: bool = False  # our own filter, or the provider's, takes it for spam
    failed_recipients: bool = False  # X-Failed-Recipients: Exim's mark of a mail that comes back
    authentication_results: tuple[str, ...] = ()  # RFC 8601, topmost first
    received_above: tuple[str, ...] = ()  # the Received lines over the topmost of these
    received_below: str = ""  # … and the first one under it
    several_senders: bool = False  # several From fields, or several addresses in it


@dataclass(frozen=True)
class ParsedMail:
    """A mail after reading. Texts hold no NUL and no lone surrogates; `html` is sanitised; "" means absent.

    `return_path` is None if the mail has none and "" for the null sender `<>`. Message-IDs keep their angle
    brackets. `date_header` is what the sender claims and never a receipt time. `deliveries` is what a delivery report
    says, `returned_ids` are the Message-IDs of the mails, or of the headers of mails, that lie in it.
    """

    subject: str = ""
    from_name: str = ""
    from_address: str = ""
    reply_to: tuple[Address, ...] = ()
    return_path: str | None = None
    sender: str = ""
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    message_id: str = ""
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    date_header: str = ""
    text: str = ""
    html: str | None = None
    attachments: tuple[Attachment, ...] = ()
    attached_mails: tuple[AttachedMail, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    returned_ids: tuple[str, ...] = ()
    facts: Facts = field(default_factory=Facts)
    problems: tuple[str, ...] = ()

    @property
    def text_to_sort(self) -> str:
        """The text with the texts of the mails inside (a colleague's forward), without what a bounce returns."""
        inner = () if self.facts.has_report else self.attached_mails
        return "\n\n".join(filter(None, (self.text, *(f"{one.subject}\n\n{one.text}" for one in inner))))

    @property
    def unread(self) -> bool:
        """Whether it says something that we cannot read: sealed, lost, or in its attachments alone."""
        in_files = bool(self.attachments) and not self.facts.has_report and not self.text_to_sort.strip()
        return in_files or not _UNREAD.isdisjoint(self.problems)

    @property
    def automatic(self) -> bool:
        """Whether a robot says of itself that it wrote this; marks of a list say nothing, people write by lists."""
        facts = self.facts
        submitted = facts.auto_submitted not in (None, "no")
        return (
            facts.has_report
            or submitted
            or self.return_path == ""
            or bool(facts.robot_headers)
            or "auto_reply" in facts.precedence
        )

    def as_json(self) -> dict[str, Any]:
        """Return the mail as plain lists, dicts and strings."""
        return asdict(self)


def from_json(data: dict[str, Any]) -> ParsedMail:
    """Return the mail that `as_json` described. Raises KeyError or TypeError for anything else."""
    plain: dict[str, Any] = _with_tuples(data)
    plain["reply_to"] = tuple(Address(**one) for one in data["reply_to"])
    plain["attachments"] = tuple(Attachment(**one) for one in data["attachments"])
    plain["attached_mails"] = tuple(AttachedMail(**one) for one in data["attached_mails"])
    plain["deliveries"] = tuple(Delivery(**one) for one in data["deliveries"])
    plain["facts"] = Facts(**_with_tuples(data["facts"]))
    return ParsedMail(**plain)


def _with_tuples(data: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in data.items()}
