"""The mail that left, as its reader's program shows it."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from requests_app.models import Message
from requests_app.services import sending


def delivered(message: Message, folder: Path) -> EmailMessage:
    """Send a message into a folder and return the one mail that it became."""
    sending.send(message.pk)
    return opened((folder / f"{message.uuid.hex}.eml").read_bytes())


def opened(raw: bytes) -> EmailMessage:
    """Return a mail that has no defects."""
    mail = message_from_bytes(raw, _class=EmailMessage, policy=default)
    assert isinstance(mail, EmailMessage)
    assert not mail.defects
    return mail


def words(mail: EmailMessage) -> str:
    """The text of a mail."""
    plain = mail.get_body(("plain",))
    assert plain is not None
    text = plain.get_content()
    assert isinstance(text, str)
    return text
