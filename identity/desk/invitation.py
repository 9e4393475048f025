"""What an invited person sees: one page, one form, then the second factor."""

from django.contrib.auth import login as start_session
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from identity.services import staff
from requests_app.domain.errors import ActionRefused

from .forms import AcceptForm

GONE = 410


@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest, token: str) -> HttpResponse:
    """Show the form of an invitation; only sending it uses the link up."""
    invitation = staff.open_invitation(token)
    if invitation is None:
        return _dead(request)
    form = AcceptForm(
        request.POST if request.method == "POST" else None,
        email=invitation.email,
        initial={"name": invitation.user.name if invitation.user else ""},
    )
    if not form.is_valid():
        return render(request, "identity/desk/invite.html", {"form": form, "invitation": invitation})
    try:
        user = staff.accept(token, name=form.cleaned_data["name"], password=form.cleaned_data["password"])
    except ActionRefused:
        return _dead(request)
    start_session(request, user)
    return redirect("identity:second-factor")


def _dead(request: HttpRequest) -> HttpResponse:
    """One page for links that were used, are too old or never were: it tells nobody which."""
    return render(request, "identity/desk/invite_dead.html", status=GONE)
