"""The part of the identity panel that tells which ways to show who asks are open, and records what was shown."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from identity import labels, selectors
from identity.domain.enums import Level
from identity.methods import METHODS
from identity.methods.protocol import VerificationMethod
from identity.services import proof
from requests_app.desk import form_again
from requests_app.domain.errors import ActionRefused
from requests_app.models import Case
from requests_app.permissions import Permission, Staff, may, requires, staff
from requests_app.reasons import sentence

from .proof_forms import SHOWN_PREFIX, YES, ShownForm


@dataclass(frozen=True)
class Way:
    """One way to show who asks: how sure it makes us, and why it is not open; empty when it is."""

    words: Promise
    level: Level
    why_not: str


def context(case: Case, user: Staff) -> dict[str, object]:
    """Return what `identity/desk/proofs.html` shows of a case."""
    asked, reason = selectors.standing(case).waiting is not None, proof.why_not(case)
    records = may(user, Permission.ASK_IDENTITY) and reason is None
    return {
        "ways": [_way(case, way) for way in METHODS.values()],
        "shown_form": ShownForm(asked=asked, prefix=SHOWN_PREFIX) if records else None,
    }


def _way(case: Case, way: VerificationMethod) -> Way:
    reason = way.why_not(case)
    return Way(labels.METHODS[way.method], way.level, sentence(reason) if reason else "")


@requires(Permission.ASK_IDENTITY)
@require_POST
def shown(request: HttpRequest, reference: str) -> HttpResponse:
    """Record that somebody held up an identity document, and whether it was the person."""
    case = get_object_or_404(Case, reference=reference)
    form = ShownForm(request.POST, asked=selectors.standing(case).waiting is not None, prefix=SHOWN_PREFIX)
    if form.is_valid():
        given, actor = form.cleaned_data, staff(request).as_actor()
        way = METHODS[given["method"]]
        try:
            if given["result"] == YES:
                proof.shown(case.pk, way.method, way.level, actor=actor, doubt=form.given_doubt())
                messages.success(request, _("It is recorded that the person has shown who they are."))
            else:
                proof.not_shown(case.pk, way.method, actor=actor, doubt=form.given_doubt())
                messages.success(request, _("It is recorded that the person did not show who they are."))
            return redirect("requests:desk:case", case.reference)
        except ActionRefused as refusal:
            form.add_error(None, sentence(refusal.reason))
    title, button = _("An identity document was shown"), _("Record the result")
    return form_again.show(request, case, form, title=title, button=button, anchor="identity")
