"""The form of an answer to the person, as it stands between two presses of its buttons: its text and its files."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict

from requests_app.domain.errors import ActionRefused
from requests_app.domain.evidence import LARGEST
from requests_app.labels import SPOKEN
from requests_app.models import Case, Message
from requests_app.reasons import sentence
from requests_app.services import attachments

from . import quotation
from .case_forms import LONGEST_SUBJECT, MessageForm

_DRAFT = re.compile(r"[0-9a-f]{32}")
_LONGEST_NUMBER = 19  # digits
_SHOWN = 160  # characters of a paragraph in the list of what can be quoted


@dataclass(frozen=True)
class Quotable:
    """What can be quoted: the number of the message and its paragraphs, shortened, in order."""

    number: int
    parts: Sequence[str]


def blank(case: Case, quote: str) -> MessageForm:
    """Return the form of a new answer; `quote` is the number of a message that it quotes, "" for none."""
    wanted = quotation.chosen(case, quote) if quote else None
    answered = wanted or quotation.messages(case).exclude(subject="").first()
    return MessageForm(
        initial={
            "version": case.version,
            "key": uuid4().hex,
            "subject": quotation.subject(answered)[:LONGEST_SUBJECT] if answered else "",
            "body": f"{quotation.quoted(wanted, case.language)}\n\n" if wanted else "",
        },
        auto_id="message-%s",
    )


def unfinished(case: Case, posted: QueryDict) -> MessageForm:
    """Return the form as it was filled in, nothing of it judged yet; with a quotation when its button was pressed."""
    given = {name: posted.get(name, "") for name in ("subject", "body", "version", "key")}
    if "quote" in posted and (message := quotation.chosen(case, str(posted["quote"]))):
        only = [int(at) for at in posted.getlist("part") if at.isdecimal() and len(at) < _LONGEST_NUMBER]
        before = f"{given['body'].rstrip()}\n\n" if given["body"].strip() else ""
        given["body"] = f"{before}{quotation.quoted(message, case.language, only)}\n\n"
    return MessageForm(initial=given, auto_id="message-%s")


def keep_files(case: Case, posted: QueryDict, files: Sequence[UploadedFile], *, author: int) -> list[str]:
    """Keep what was chosen, throw away what was unticked; return why what is not kept is not, file by file."""
    draft, refused = _draft(posted.get("key")), []
    if not draft or "send" in posted:
        return []
    attachments.keep_only(case.pk, draft, attached(posted), author=author)
    for file in files:
        name = file.name or ""
        try:
            attachments.keep(case.pk, draft, name, file.read(LARGEST + 1), author=author)
        except ActionRefused as error:
            refused.append(f"{name}: {sentence(error.reason)}")
    return refused


def attached(posted: QueryDict) -> list[int]:
    """Return the numbers of the files that the writer was shown, and left ticked."""
    return [int(one) for one in posted.getlist("attached") if one.isdecimal() and len(one) < _LONGEST_NUMBER]


def context(case: Case, form: forms.Form, *, author: int) -> dict[str, Any]:
    """Return what the form shows beside its fields."""
    draft = _draft(form["key"].value())
    message = quotation.chosen(case, "")
    return {
        "message_form": form,
        "message_files": attachments.waiting(case, draft, author=author) if draft else [],
        "quotable": _quotable(message) if message else None,
        "wrote_in": _language(message),
        "phrases_in": SPOKEN[case.language],
    }


def _quotable(message: Message) -> Quotable:
    parts = (" ".join(part.split()) for part in quotation.parts(message))
    return Quotable(message.pk, [f"{part[:_SHOWN]}…" if len(part) > _SHOWN else part for part in parts])


def _language(message: Message | None) -> str:
    """The language that the person wrote in, where a machine could tell."""
    inquiry = message.inquiry if message else None
    return str(SPOKEN.get(inquiry.language, "")) if inquiry else ""


def _draft(key: object) -> str:
    return key if isinstance(key, str) and _DRAFT.fullmatch(key) else ""
