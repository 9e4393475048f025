"""The panel of the case page that asks whether a mail, sent by hand to the person, counts as the answer."""

from collections.abc import Callable
from dataclasses import dataclass

from csp.constants import NONE
from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from requests_app.domain.enums import Outside
from requests_app.domain.national_numbers import without_numbers
from requests_app.domain.snapshot import Reason
from requests_app.models import Case, SentMail
from requests_app.permissions import Permission, may, requires, staff
from requests_app.reasons import sentence
from requests_app.services import outside as service

from . import case_step

LONGEST_SHOWN = 4000  # characters; all of it is in the history
ANCHOR = "outside"


@dataclass(frozen=True)
class Card:
    """One mail as the panel shows it. `barred`: why this reader cannot confirm it; empty if they can."""

    row: SentMail
    text: str
    is_answer: bool
    barred: str

    @property
    def key(self) -> str:
        """What tells its buttons from those of the others."""
        return str(self.row.pk)


def panel(request: HttpRequest, case: Case) -> str:
    """Return as HTML what was sent to the person outside the system; what is not the answer stands folded below."""
    actor = staff(request).as_actor()
    rows = SentMail.objects.defer("raw").select_related("message", "decided_by", "confirmed_by")
    cards = [_card(row, service.why_not_confirm(row, actor)) for row in rows.filter(message__case=case)]
    if not cards:
        return ""
    context = {
        "cards": [card for card in cards if card.row.counts_as != Outside.CORRESPONDENCE],
        "others": [card for card in cards if card.row.counts_as == Outside.CORRESPONDENCE],
        "case": case,
        "may_decide": may(staff(request), Permission.DECIDE),
        "may_confirm": may(staff(request), Permission.RELEASE),
    }
    return render_to_string("requests_app/desk/outside.html", context, request=request)


@requires(Permission.DECIDE)
@require_POST
def answer(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Say that a mail is the answer."""
    said = _("Recorded. Somebody else now confirms that it is the answer.")
    return _pressed(request, reference, pk, service.count_as_answer, said)


@requires(Permission.DECIDE)
@require_POST
def correspondence(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Say that a mail is not the answer."""
    said = _("Recorded. The mail stays in the history of the case, and the answer is still owed.")
    return _pressed(request, reference, pk, service.count_as_correspondence, said)


@requires(Permission.RELEASE)
@require_POST
def confirm(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Confirm as the second person that a mail is the answer."""
    said = _("Confirmed. Decide on the requests of the case, so that it can be closed.")
    return _pressed(request, reference, pk, service.confirm, said)


@requires(Permission.VIEW_CASES)
@require_safe
@csp_replace({"default-src": [NONE], "sandbox": True})  # type: ignore[arg-type]  # knows no view with arguments
def raw(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Hand out a mail as it was sent, with what is attached to it: a file to keep, never a page of ours."""
    row = get_object_or_404(SentMail, pk=pk, message__case__reference=reference, forgotten_at__isnull=True)
    response = HttpResponse(bytes(row.raw), content_type="message/rfc822")
    response.headers["Content-Disposition"] = f'attachment; filename="sent-{row.pk}.eml"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _pressed(request: HttpRequest, reference: str, pk: int, act: Callable[..., None], said: str) -> HttpResponse:
    case = get_object_or_404(Case, reference=reference, messages__sent_mail=pk)
    actor, version = staff(request).as_actor(), case_step.version(request)
    return case_step.attempt(request, case, ANCHOR, lambda: act(pk, actor=actor, version=version), said)


def _card(row: SentMail, why_not: Reason | None) -> Card:
    text = row.message.body if row.message else ""
    return Card(
        row=row,
        text=without_numbers(text[:LONGEST_SHOWN]),
        is_answer=row.counts_as == Outside.ANSWER,
        barred=sentence(why_not) if why_not else "",
    )
