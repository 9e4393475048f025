"""What this machine would have mailed: one machine has no mail server, so letters are files, listed here."""

import re
from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

SHOWN = 100
_NAME = re.compile(r"[A-Za-z0-9_-]{1,80}")


def this_machine_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer 404 to anybody who does not sit at this machine, and where mail really leaves it: links and codes."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.SHOW_SENT or request.META.get("REMOTE_ADDR", "") not in ("127.0.0.1", "::1"):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@require_safe
@this_machine_only
def sent(request: HttpRequest) -> HttpResponse:
    """The newest mails first."""
    folder: Path = settings.SENT_FOLDER
    files = sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime, reverse=True) if folder.is_dir() else []
    mails = [_summary(path) for path in files[:SHOWN]]
    return render(request, "requests_app/portal/sent_list.html", {"mails": mails, "more": len(files) > SHOWN})


@require_safe
@this_machine_only
def mail(request: HttpRequest, name: str) -> HttpResponse:
    """One mail as its reader would see it."""
    path: Path = settings.SENT_FOLDER / f"{name}.eml"
    if not _NAME.fullmatch(name) or not path.is_file():
        raise Http404
    message = _read(path)
    body = message.get_body(("plain",))
    text = body.get_content() if body else ""
    context = {"mail": _summary(path), "text": text}
    return render(request, "requests_app/portal/sent_mail.html", context)


def _summary(path: Path) -> dict[str, Any]:
    message = _read(path)
    return {
        "name": path.stem,
        "subject": str(message["Subject"] or ""),
        "to": str(message["To"] or ""),
        "date": message["Date"].datetime if message["Date"] else None,
    }


def _read(path: Path) -> EmailMessage:
    return message_from_bytes(path.read_bytes(), policy=default)
