"""A call, a letter or a visit as a mail of our own making, so that it is kept and handed out like any inquiry."""

import json
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP
from typing import Any

MARK = "X-Datarett-Entry"


def compose(key: str, facts: dict[str, Any], text: str, evidence: tuple[str, str, bytes] | None) -> bytes:
    """Return the mail: what was said, the facts beside it as JSON, and a file (name, media type, bytes) if any.

    The same arguments give the same bytes. What people wrote stands in the parts, never in the header block.
    """
    mail = EmailMessage(policy=SMTP)
    mail[MARK] = key
    mail.set_content(text, charset="utf-8", cte="base64")
    said = json.dumps(facts, ensure_ascii=False, sort_keys=True, indent=1).encode()
    mail.add_attachment(said, maintype="application", subtype="json", filename="entry.json")
    if evidence:
        name, kind, content = evidence
        maintype, _, subtype = kind.partition("/")
        mail.add_attachment(content, maintype=maintype, subtype=subtype, filename=name)
    mail.set_boundary(f"entry-{key}")
    return mail.as_bytes()


def evidence_of(raw: bytes) -> tuple[str, bytes] | None:
    """Return the file that `compose` put into a mail, as media type and bytes; None for a mail without one.

    The media type is the one that its bytes were found to have when it was handed in.
    """
    mail = BytesParser(policy=SMTP).parsebytes(raw)
    if mail[MARK] is None:
        return None
    _facts, *files = mail.iter_attachments()
    return (files[0].get_content_type(), files[0].get_content()) if files else None
