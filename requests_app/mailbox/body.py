"""The body of a mail: its text, its HTML and the list of what is attached."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from requests_app.domain.national_numbers import mask_national_numbers

from . import (
    addresses,
    attached_texts,
    charsets,
    cms,
    delivery_status,
    encoded_words,
    file_types,
    headers,
    html,
    structure,
)
from .cleaning import one_line, paragraphs
from .parsed import (
    CHARSET,
    ENCRYPTED,
    MALFORMED,
    NESTED_TOO_DEEP,
    TEXT_TRUNCATED,
    TNEF,
    AttachedMail,
    Attachment,
    Delivery,
)
from .structure import Part

MAX_DEPTH = 25
MAX_TEXT = 200_000  # characters kept; all of it is in the raw mail
MAX_TEXT_BYTES = 2_000_000  # bytes of one part that are read as text
MAX_ATTACHED_MAILS = 5
MAX_ATTACHED_TEXT = 20_000

_TEXTS = ("text/plain", "text/html")
_REPORTS = {"multipart/report", "message/disposition-notification", *delivery_status.STATUSES}
_MAILS = ("message/rfc822", "message/global")
_CONTAINERS = {file_types.CMS, "application/x-pkcs7-mime"}
# Types, declared or told by the bytes, that say what of the mail cannot be read here.
_TELLING = {
    "multipart/encrypted": ENCRYPTED,
    file_types.PGP: ENCRYPTED,
    file_types.TNEF: TNEF,
    "application/vnd.ms-tnef": TNEF,
}
_ARMOURED = re.compile(r"^-----BEGIN PGP (SIGNED )?MESSAGE-----\s*$", re.MULTILINE)
_META_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)


@dataclass(frozen=True)
class _Piece:
    """A stretch of running text: plain, as HTML, or both where the sender gave both."""

    plain: str | None
    markup: str | None = None

    def text(self) -> str:
        return self.plain if self.plain is not None else html.to_text(self.markup or "")


@dataclass
class Body:
    """What was found while walking through the parts."""

    text: str = ""
    html: str | None = None
    attachments: list[Attachment] = field(default_factory=list)
    attached_mails: list[AttachedMail] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    returned_ids: list[str] = field(default_factory=list)
    types: set[str] = field(default_factory=set)
    signed: bool = False
    problems: dict[str, None] = field(default_factory=dict)  # an ordered set
    spare: "Part | None" = None  # the first attached text: all there is, if nothing else is text
    spare_place: int = 0  # of it among the attachments
    unsearched: int = attached_texts.MAX_BYTES  # so many bytes of attached texts may still be looked at

    @property
    def has_report(self) -> bool:
        """Tell whether this is a delivery status or a read receipt."""
        return not self.types.isdisjoint(_REPORTS)

    @property
    def has_invitation(self) -> bool:
        """Tell whether this is an invitation to a meeting."""
        return "text/calendar" in self.types


def read(raw: bytes, top: headers.Headers) -> Body:
    """Return the body of the mail whose header block is `top`."""
    body = Body()
    root, problem = structure.read(raw, top)
    if problem:
        body.problems[problem] = None
    pieces = [piece for piece in _pieces(root, body, 0) if piece.markup or (piece.plain or "").strip()]
    if not pieces and body.spare is not None:
        pieces = [_leaf(body.spare, body.spare.get_content_type(), body)]
        # Its numbers stand in the text now.
        body.attachments[body.spare_place] = replace(body.attachments[body.spare_place], numbers=0)
    body.text = _cut("\n\n".join(filter(None, (piece.text() for piece in pieces))), body)
    markup = "\n".join(piece.markup or "" for piece in pieces) if all(piece.markup for piece in pieces) else ""
    if html.too_deep(markup):
        body.problems[NESTED_TOO_DEEP] = None
    elif markup:
        body.html = html.safe(markup) or None
    return body


def _pieces(part: Part, body: Body, depth: int) -> list[_Piece]:
    kind = part.get_content_type()
    _note_type(kind, body)
    if depth > MAX_DEPTH:
        body.problems[NESTED_TOO_DEEP] = None
        return []
    if kind in delivery_status.STATUSES:
        body.deliveries += delivery_status.read(part)[: delivery_status.MAX_DELIVERIES - len(body.deliveries)]
    elif kind in delivery_status.RETURNED_HEADERS:
        _note_returned(delivery_status.returned_id(part), body)
    if kind in _MAILS:
        _note_attached_mail(part, body, depth)
        return []
    if kind.startswith("message/"):
        _note_attachment(part, kind, body, depth)
        return []
    inner = structure.children(part)
    if inner:
        pieces = [piece for child in inner for piece in _pieces(child, body, depth + 1)]
        return _alternative(pieces) if kind == "multipart/alternative" else pieces
    if _is_attachment(part, kind) and not (depth == 0 and kind.startswith("text/")):
        found = _note_attachment(part, kind, body, depth)
        if found in _CONTAINERS:
            return _sealed(part, body, depth)
        if body.spare is None and kind in _TEXTS:
            body.spare, body.spare_place = part, len(body.attachments) - 1
        return []
    return [_leaf(part, kind, body)]


def _sealed(part: Part, body: Body, depth: int) -> list[_Piece]:
    """What was signed in an S/MIME container; of one that is encrypted, or broken, nothing but that it is so."""
    data = structure.leaf_bytes(part)
    if cms.kind(data) != cms.SIGNED:
        body.problems[ENCRYPTED] = None
        return []
    body.signed = True
    inside = cms.signed_content(data)
    if inside is None:
        body.problems[MALFORMED] = None
    if not inside:  # broken, or the signature of a text that stands beside it
        return []
    root, problem = structure.read(inside, headers.read(inside))
    if problem:
        body.problems[problem] = None
    return _pieces(root, body, depth + 1)


def _alternative(pieces: list[_Piece]) -> list[_Piece]:
    """Of several forms of one text keep the plain one, with the HTML as its twin."""
    markup = "\n".join(piece.markup for piece in pieces if piece.markup)
    plain = "\n\n".join(piece.plain for piece in pieces if not piece.markup and piece.plain)
    if not markup or not plain.strip():
        return [_Piece(None, markup)] if markup else [_Piece(plain)]
    if len(markup) > 10 * len(plain) and len(plain) < 200:  # "your program cannot show this message"?
        visible = html.to_text(markup)
        if len(visible) > 4 * len(plain) + 100:
            return [_Piece(visible, markup)]
    return [_Piece(plain, markup)]


def _is_attachment(part: Part, kind: str) -> bool:
    if kind not in _TEXTS and not kind.startswith("multipart/"):
        return True
    disposition = str(part.get("content-disposition", "")).strip().lower()
    return disposition.startswith("attachment") or (not disposition.startswith("inline") and bool(_name(part)))


def _leaf(part: Part, kind: str, body: Body) -> _Piece:
    data = structure.leaf_bytes(part)
    if len(data) > MAX_TEXT_BYTES:
        data, body.problems[TEXT_TRUNCATED] = data[:MAX_TEXT_BYTES], None
    markup = kind == "text/html"
    text, whole = charsets.decode(data, _charset(part, data if markup else b""))
    if not whole:
        body.problems[CHARSET] = None
    if armour := _ARMOURED.search(text):
        body.signed = body.signed or bool(armour[1])
        if not armour[1]:
            body.problems[ENCRYPTED] = None
    return _Piece(None, text) if markup else _Piece(paragraphs(text))


def _charset(part: Part, markup: bytes) -> str | None:
    try:
        declared = part.get_content_charset()
    except structure.ERRORS:
        declared = None
    found = _META_CHARSET.search(markup[:2_048]) if declared is None else None
    return found[1].decode("ascii") if found else declared


def _name(part: Part) -> str:
    try:
        name = part.get_filename() or ""
    except structure.ERRORS:
        name = ""
    data = name.encode("utf-8", "surrogateescape") if name else b""
    shown = one_line(encoded_words.decode(charsets.decode(data, detect=False)[0]), 200)
    return re.sub(r"[/\\:]", "_", shown)


def _note_attachment(part: Part, kind: str, body: Body, depth: int) -> str:
    """Describe an attachment; return its type as far as its bytes tell it."""
    size = sum(structure.leaf_size(leaf) for leaf in _leaves(part, depth))
    found, other = kind, False
    if not part.is_multipart():
        found, other = file_types.judge(kind, structure.leaf_start(part, file_types.START))
        _note_type(found, body)
    declared = one_line(kind, 100) if other else ""
    numbers = 0 if kind.startswith("message/") and kind not in _MAILS else _numbers_in(part, body, depth)
    body.attachments.append(Attachment(_name(part), one_line(found, 100), size, declared, numbers))
    return found


def _numbers_in(part: Part, body: Body, depth: int) -> int:
    """Count the national identity numbers in an attached text, or in the texts and the subject of an attached mail."""
    found = sum(mask_national_numbers(_subject(mail))[1] for mail in structure.children(part) if _is_mail(part))
    for leaf in _leaves(part, depth):
        if body.unsearched > 0 and attached_texts.is_one(leaf.get_content_type(), _name(leaf)):
            data = structure.leaf_bytes(leaf)[: body.unsearched]
            body.unsearched -= len(data)
            found += attached_texts.numbers(data, _charset(leaf, b""))
    return found


def _is_mail(part: Part) -> bool:
    return part.get_content_type() in _MAILS


def _subject(mail: Part) -> str:
    return headers.from_items(mail.raw_items()).text("subject")


def _note_type(kind: str, body: Body) -> None:
    body.types.add(kind)
    body.signed = body.signed or kind == "multipart/signed"
    if kind in _TELLING:
        body.problems[_TELLING[kind]] = None


def _note_attached_mail(part: Part, body: Body, depth: int) -> None:
    inner = next(iter(structure.children(part)), None)
    _note_attachment(part, "message/rfc822", body, depth)
    if inner is None or len(body.attached_mails) == MAX_ATTACHED_MAILS:
        return
    found = Body(problems=body.problems, unsearched=0)  # its files were looked at with the mail itself
    pieces = _pieces(inner, found, depth + 1)
    text = "\n\n".join(filter(None, (piece.text() for piece in pieces)))[:MAX_ATTACHED_TEXT]
    fields = headers.from_items(inner.raw_items())
    sender = next(iter(addresses.read(fields.first("from") or b"", 1)), addresses.Address("", ""))
    message_id = next(iter(headers.message_ids(fields.first("message-id") or b"")), "")
    _note_returned(message_id, body)
    body.attached_mails.append(
        AttachedMail(
            subject=fields.text("subject"),
            from_name=sender.name,
            from_address=sender.address,
            date_header=fields.text("date", 100),
            message_id=message_id,
            text=text,
        )
    )
    body.attached_mails += found.attached_mails[: MAX_ATTACHED_MAILS - len(body.attached_mails)]


def _note_returned(message_id: str, body: Body) -> None:
    if message_id and len(body.returned_ids) < MAX_ATTACHED_MAILS:
        body.returned_ids.append(message_id)


def _leaves(part: Part, depth: int) -> Iterator[Part]:
    if depth <= MAX_DEPTH:
        inner = structure.children(part)
        for child in inner:
            yield from _leaves(child, depth + 1)
        if not inner:
            yield part


def _cut(text: str, body: Body) -> str:
    if len(text) > MAX_TEXT:
        body.problems[TEXT_TRUNCATED] = None
    return text[:MAX_TEXT]
