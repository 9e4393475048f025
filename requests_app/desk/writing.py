"""Writing on a case: to the person, which leaves the house, and to each other, which never does."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from requests_app.domain.errors import ActionRefused
from requests_app.models import Case, Message
from requests_app.permissions import Permission, requires, staff
from requests_app.reasons import sentence
from requests_app.services import acknowledgements, correspondence, notes, sending

from . import case_page
from .case_forms import MessageForm, NoteForm


@require_POST
@requires(Permission.WRITE)
def message(request: HttpRequest, reference: str) -> HttpResponse:
    """Write to the person: first show once more to whom it goes and what it says, then send it."""
    case = case_page.find(reference)
    form = MessageForm(request.POST, auto_id="message-%s")
    if not form.is_valid():
        return case_page.show(request, case, bound={"message": form}, code=case_page.INVALID)
    if "change" in request.POST:
        return case_page.show(request, case, bound={"message": form})
    given = form.cleaned_data
    if "send" not in request.POST:
        if not case.person_email:
            form.add_error(None, _("The case has no e-mail address to write to."))
            return case_page.show(request, case, bound={"message": form}, code=case_page.INVALID)
        return render(request, "requests_app/desk/message_check.html", {"case": case, "form": form, "given": given})
    try:
        correspondence.write_to_person(
            case.pk,
            subject=given["subject"],
            body=given["body"],
            actor=staff(request).as_actor(),
            key=given["key"],
            version=given["version"],
        )
    except ActionRefused as refused:
        return _refused(request, case, "message", form, refused)
    messages.success(request, _("The message is on its way."))
    return redirect("requests:desk:case", case.reference)


@require_POST
@requires(Permission.WRITE)
def note(request: HttpRequest, reference: str) -> HttpResponse:
    """Keep an internal note."""
    case = case_page.find(reference)
    form = NoteForm(request.POST, auto_id="note-%s")
    if not form.is_valid():
        return case_page.show(request, case, bound={"note": form}, code=case_page.INVALID)
    user, given = staff(request), form.cleaned_data
    try:
        notes.add_note(case.pk, given["text"], actor=user.as_actor(), user=user, version=given["version"])
    except ActionRefused as refused:
        return _refused(request, case, "note", form, refused)
    messages.success(request, _("The note is saved."))
    return redirect("requests:desk:case", case.reference)


@require_POST
@requires(Permission.WRITE)
def acknowledge(request: HttpRequest, reference: str) -> HttpResponse:
    """Send the confirmation although the mail looked automatic."""
    case = case_page.find(reference)
    try:
        acknowledgements.acknowledge_anyway(case.pk, actor=staff(request).as_actor())
        messages.success(request, _("The confirmation is on its way."))
    except ActionRefused as refused:
        messages.error(request, sentence(refused.reason))
    return redirect("requests:desk:case", case.reference)


@require_POST
@requires(Permission.WRITE)
def read(request: HttpRequest, reference: str) -> HttpResponse:
    """Say that what the person wrote is read and needs no answer."""
    case = case_page.find(reference)
    correspondence.mark_read(case.pk, actor=staff(request).as_actor())
    messages.success(request, _("Marked as read."))
    return redirect("requests:desk:case", case.reference)


@require_POST
@requires(Permission.WRITE)
def again(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Send a message once more that failed, or of which nobody knows whether it went."""
    row = get_object_or_404(Message, pk=pk, case__reference=reference)
    try:
        sending.send_again(row.pk, actor=staff(request).as_actor())
        messages.success(request, _("The message is on its way again."))
    except ActionRefused as refused:
        messages.error(request, sentence(refused.reason))
    return redirect("requests:desk:case", reference)


def _refused(request: HttpRequest, case: Case, slot: str, form: forms.Form, refused: ActionRefused) -> HttpResponse:
    """Show the page as it is now with the text still in its form; whoever still means it sends it once more."""
    case = case_page.find(case.reference)
    seen = form.cleaned_data["version"]
    data = request.POST.copy()
    data["version"] = str(case.version)
    fresh = type(form)(data, auto_id=form.auto_id)
    fresh.add_error(None, sentence(refused.reason))
    news = case_page.news_since(case, seen) if refused.reason.code == "case_changed" else []
    return case_page.show(request, case, bound={slot: fresh}, news=news, code=case_page.REFUSED)
