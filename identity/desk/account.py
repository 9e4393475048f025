"""What somebody sees of their own account."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from identity.models import User
from identity.services import accounts
from requests_app.domain.enums import Role
from requests_app.labels import ROLES

from .forms import LanguageForm


@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Show one's own account; choose a language."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - the middleware lets nobody else in
    form = LanguageForm(request.POST if request.method == "POST" else None, initial={"language": user.language})
    if form.is_valid():
        _speak(request, user, form.cleaned_data["language"])
        return redirect("identity:account")
    roles = [ROLES[role] for role in Role if role in user.roles]
    return render(request, "identity/desk/account.html", {"form": form, "account": user, "roles": roles})


def _speak(request: HttpRequest, user: User, language: str) -> None:
    accounts.choose_language(user, language)
    if language:
        request.session["language"] = language
        translation.activate(language)
    else:
        request.session.pop("language", None)
    messages.success(request, _("The language is saved."))
