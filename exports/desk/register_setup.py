"""The set-up on the desk: one question a page, each can be put off, and the end says what is still open."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from exports import labels
from exports.domain import register as domain
from exports.domain.register_setup import DPO, Question
from exports.models import CUSTOMERS
from exports.services import register as service
from exports.services import register_setup
from requests_app.desk.organisation_form import PROBLEMS
from requests_app.domain.errors import ActionRefused
from requests_app.domain.organisation import OrganisationError
from requests_app.permissions import Permission, requires, staff
from requests_app.reasons import sentence

from .register_page import capital, title_of
from .register_setup_forms import FieldForm, NoneOfForm, PageForm, form_for
from .task_panel import language

_ASKED: dict[str, Promise] = {
    DPO: gettext_lazy("Do you have a data protection officer?"),
    "privacy_page": gettext_lazy("Where is your privacy policy?"),
    "cookie_page": gettext_lazy("Where does somebody change their choice about cookies?"),
    "no_transfer": gettext_lazy("Where does no data leave the EEA?"),
    "no_automated_decision": gettext_lazy("Where is nothing decided solely by automated means?"),
}
_HELP: dict[str, Promise] = {
    DPO: gettext_lazy("If so, write how to reach them: a name, an address, a telephone number."),
    "privacy_page": gettext_lazy("Receipts and letters link to it."),
    "cookie_page": gettext_lazy("Whoever withdraws consent is sent there."),
    "no_transfer": gettext_lazy(
        "Choose those in which you are sure: no recipient and no server stands outside the EEA. "
        "For the others you are asked which countries."
    ),
    "no_automated_decision": gettext_lazy(
        "Only decisions count that have legal effects for the person, or affect them in a similarly significant way."
    ),
}


@requires(Permission.EDIT_REGISTER)
@require_safe
def start(request: HttpRequest, key: str = CUSTOMERS) -> HttpResponseBase:
    """Go to the next question, or show how the set-up ended."""
    state = _state(key)
    if state.remaining:
        return redirect("exports:desk:register-question", key=key, question=state.remaining[0].key)
    _number, current = service.current(key)
    context = {
        "register_key": key,
        "answered": state.answered,
        "skipped": [(one.key, asked(one, current), _about(one, current)) for one in state.skipped],
        "missing": len(service.lacking(key, current)),
    }
    return render(request, "exports/desk/register_setup_end.html", context)


@requires(Permission.EDIT_REGISTER)
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, question: str, key: str = CUSTOMERS) -> HttpResponseBase:
    """Ask one question; what is answered already leads on to the next."""
    state = _state(key)
    found = state.find(question)
    if found is None:
        return redirect("exports:desk:register-setup", key=key)
    if "skip" in request.POST:
        register_setup.skip(found.key, key)
        return redirect("exports:desk:register-setup", key=key)
    number, current = service.current(key)
    form = form_for(found, current, number, language(), request.POST or None)
    if request.method == "POST" and form.is_valid() and _save(request, form, found, key):
        messages.success(request, _("Saved."))
        return redirect("exports:desk:register-setup", key=key)
    return _shown(request, state, found, current, form, key)


@requires(Permission.EDIT_REGISTER)
@require_POST
def again(request: HttpRequest, key: str = CUSTOMERS) -> HttpResponseBase:
    """Begin again, with what is open now."""
    register_setup.begin_again(key)
    return redirect("exports:desk:register-setup", key=key)


def asked(found: Question, current: domain.Register) -> str:
    """Return a question in words."""
    if found.key in _ASKED:
        return str(_ASKED[found.key])
    return capital(domain.field_at(current, found.key).label.in_language(language()))


def _about(found: Question, current: domain.Register) -> str:
    """Return the activity or kind of data that a question is about; nothing where it is about all of them."""
    in_part = found.key.startswith(("activities.", "data_categories."))
    return title_of(current, found.key, language()) if in_part else ""


def _shown(
    request: HttpRequest, state: register_setup.SetUp, found: Question, current: domain.Register,
    form: FieldForm | NoneOfForm | PageForm, key: str,
) -> HttpResponse:  # fmt: skip
    proposal = next((one.proposal for one in service.lacking(key, current) if one.path == found.key), None)
    context = {
        "register_key": key,
        "form": form,
        "title": asked(found, current),
        "about": _about(found, current),
        "help": _HELP.get(found.key, ""),
        "proposal": proposal.in_language(language()) if proposal else "",
        "number": state.number if found in state.remaining else None,
        "total": state.total,
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "exports/desk/register_question.html", context, status=status)


def _save(request: HttpRequest, form: FieldForm | NoneOfForm | PageForm, found: Question, key: str) -> bool:
    """Save a valid form; False after saying in it why not."""
    actor, said = staff(request).as_actor(), form.cleaned_data
    try:
        if isinstance(form, PageForm):
            register_setup.tell_page(found, form.page(), actor=actor, key=key)
        elif isinstance(form, NoneOfForm):
            register_setup.deny(found, said["ids"], version=said["version"], actor=actor, key=key)
        else:
            none_at_all = found.key == DPO and said["value"] is False
            value = None if none_at_all else said["value"]
            register_setup.fill(found, value, version=said["version"], actor=actor, key=key)
    except ActionRefused as error:
        form.add_error(None, str(sentence(error.reason)))
        form.data = request.POST.copy() | {"version": str(service.current(key)[0])}
        return False
    except domain.FillError as error:
        form.add_error(None, str(labels.FILL_ERRORS[error.code]))
        return False
    except OrganisationError as error:
        for problem in error.problems:
            form.add_error(None, str(PROBLEMS[problem.code]) % {"value": problem.value})
        return False
    return True


def _state(key: str) -> register_setup.SetUp:
    try:
        return register_setup.state(key)
    except service.NoRegister:
        raise Http404 from None
