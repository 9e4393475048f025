"""What passkeys are asked to sign: kept in the session until one did, and good for one answer."""

import base64
import json
from typing import Any

from django.http import HttpRequest

from identity.services.passkeys import Ceremony

KEY = "passkey_challenges"
MOST = 8  # pages that somebody has open at a time; the oldest has to be loaded again


def keep(request: HttpRequest, ceremony: Ceremony) -> str:
    """Remember a ceremony for this session and return its options for the script of the page, as JSON."""
    waiting = [*request.session.get(KEY, []), ceremony.state]
    request.session[KEY] = waiting[-MOST:]
    return json.dumps(ceremony.options)


def take(request: HttpRequest, answer: Any) -> dict[str, Any] | None:
    """Return what was remembered for an answer and forget it; None for an answer to nothing that this session asked."""
    signed = _signed(answer)
    waiting: list[dict[str, Any]] = request.session.get(KEY, [])
    request.session[KEY] = [state for state in waiting if state["challenge"] != signed]
    return next((state for state in waiting if state["challenge"] == signed), None)


def parsed(text: str) -> Any:
    """Return the JSON that a script wrote; None for anything else."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _signed(answer: Any) -> object:
    """Return the challenge that an answer says it signed; whether it did is checked later."""
    try:
        encoded = answer["response"]["clientDataJSON"]
        return json.loads(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))["challenge"]
    except (TypeError, KeyError, IndexError, ValueError, RecursionError):
        return None
