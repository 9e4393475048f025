"""For how long a browser that gave the right code may fetch the files of a case."""

from datetime import UTC, datetime, timedelta

from django.http import HttpRequest
from django.utils import timezone

from exports.services import deliver
from requests_app.domain import tokens
from requests_app.models import Case
from requests_app.portal.session import PREFIX

OPEN_FOR = timedelta(minutes=15)
# Named like the visit itself, so that leaving the case forgets them, too.
_KEY = f"{PREFIX}answer_code"
_ASKED = f"{PREFIX}answer_code_asked"


def grant(request: HttpRequest, case: Case) -> None:
    """The code was right: let this browser fetch what is released to this address of this case, for a while."""
    request.session[_KEY] = {
        "case": str(case.uuid),
        "sent_to": _sent_to(case),
        "until": (timezone.now() + OPEN_FOR).timestamp(),
    }


def granted_until(request: HttpRequest, case: Case) -> datetime | None:
    """Return until when the files may be fetched, or None when a code is needed (again)."""
    kept = request.session.get(_KEY)
    if not kept or kept["case"] != str(case.uuid) or kept.get("sent_to") != _sent_to(case):
        return None
    until = datetime.fromtimestamp(kept["until"], UTC)
    return until if until > timezone.now() else None


def asked(request: HttpRequest, case: Case) -> None:
    """This browser asked for a code, whatever came of it."""
    request.session[_ASKED] = str(case.uuid)


def was_asked(request: HttpRequest, case: Case) -> bool:
    """Tell whether this browser asked for a code."""
    return request.session.get(_ASKED) == str(case.uuid)


def _sent_to(case: Case) -> str:
    """The address the code went to, as a session may keep it."""
    return tokens.digest(deliver.code_address(case))
