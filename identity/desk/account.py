"""What somebody sees of their own account."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from identity.models import User
from identity.services import accounts, passkeys, recovery, second_factor, single_sign_on, staff_sessions
from requests_app.desk import absence_words
from requests_app.domain.enums import Role
from requests_app.labels import ROLES
from requests_app.services import roster

from .forms import AbsenceForm, LanguageForm, MailsForm

INVALID = 422


@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Show one's own account; choose a language."""
    user = own(request)
    if request.method != "POST":
        return show(request, user)
    form = LanguageForm(request.POST, initial={"language": user.language})
    if form.is_valid():
        _speak(request, user, form.cleaned_data["language"])
        return redirect("identity:account")
    return show(request, user, language=form)


def own(request: HttpRequest) -> User:
    """Return the account behind a page of the desk."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - the middleware lets nobody else in
    return user


def show(
    request: HttpRequest,
    user: User,
    *,
    language: LanguageForm | None = None,
    absence: AbsenceForm | None = None,
    mails: MailsForm | None = None,
) -> HttpResponse:
    """Render the page; a form that was refused is shown as it was filled in."""
    refused = language or absence or mails
    context: dict[str, object] = {
        "form": refused,
        "language_form": language or LanguageForm(initial={"language": user.language}),
        "absence_form": absence or AbsenceForm(user),
        "mails_form": mails or MailsForm(user),
        "account": user,
        "sso": single_sign_on.switched_on(),
        "tied": single_sign_on.of(user),
        "away": absence_words.of(user, roster.today()),
        "sessions": staff_sessions.open_of(user),
        "own_session": staff_sessions.of(request.session),
        "roles": [ROLES[role] for role in Role if role in user.roles],
    }
    context |= _ways_in(user)
    return render(request, "identity/desk/account.html", context, status=INVALID if refused else 200)


def _ways_in(user: User) -> dict[str, object]:
    """Return what the page tells of the ways in beside the password."""
    factor, keys = second_factor.of(user), passkeys.of(user)
    app = factor if factor and factor.confirmed else None
    return {
        "app": app,
        "passkeys": keys,
        "codes_left": recovery.remaining(user),
        "more_than_one": len(keys) + (app is not None) > 1,
    }


def _speak(request: HttpRequest, user: User, language: str) -> None:
    accounts.choose_language(user, language)
    if language:
        request.session["language"] = language
        translation.activate(language)
    else:
        request.session.pop("language", None)
    messages.success(request, _("The language is saved."))
