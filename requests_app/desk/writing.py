"""Writing on a case: to the person, which leaves the house, and to each other, which never does."""

from uuid import uuid4

from csp.constants import NONE
from csp.decorators import csp_replace
from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from requests_app.domain.errors import ActionRefused
from requests_app.labels import SPOKEN
from requests_app.models import Attachment, Case, Message
from requests_app.permissions import Permission, requires, staff
from requests_app.reasons import sentence
from requests_app.services import acknowledgements, attachments, correspondence, notes, sending

from . import case_page, reply
from .case_forms import MessageForm, NoteForm

_STEPS_BACK = frozenset({"change", "quote"})  # buttons that lead back to the form


@require_POST
@requires(Permission.WRITE)
def message(request: HttpRequest, reference: str) -> HttpResponse:
    """Write to the person: first show once more to whom it goes and what it says, then send it.

    Files that were chosen are kept whatever else is wrong, and so is the text.
    """
    case, user = case_page.find(reference), staff(request)
    refused = reply.keep_files(case, request.POST, request.FILES.getlist("upload"), author=user.pk)
    steps_back = not _STEPS_BACK.isdisjoint(request.POST)
    unfinished = reply.unfinished(case, request.POST)
    if steps_back and not refused:
        return case_page.show(request, case, bound={"message": unfinished})
    form = MessageForm(unfinished.initial if steps_back else request.POST, auto_id="message-%s")
    for why in refused:
        form.add_error("upload", why)
    if not form.is_valid():
        return case_page.show(request, case, bound={"message": form}, code=case_page.INVALID)
    if "send" not in request.POST:
        return _look_through(request, case, form)
    given = form.cleaned_data
    try:
        correspondence.write_to_person(
            case.pk,
            subject=given["subject"],
            body=given["body"],
            actor=user.as_actor(),
            key=given["key"],
            version=given["version"],
            files=reply.attached(request.POST),
        )
    except ActionRefused as refusal:
        return _refused(request, case, "message", form, refusal)
    messages.success(request, _("The message is on its way."))
    return redirect("requests:desk:case", case.reference)


@require_safe
@requires(Permission.VIEW_CASES)
@csp_replace({"default-src": [NONE], "sandbox": True})  # type: ignore[arg-type]  # knows no view with arguments
def attachment(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Hand out a file that goes with a message: to keep, never a page of ours."""
    row = get_object_or_404(Attachment.objects.select_related("case"), pk=pk, case__reference=reference)
    if row.message_id is None and row.author_id != staff(request).pk:
        raise Http404
    response = HttpResponse(attachments.opened(row), content_type=row.kind)
    response.headers["Content-Disposition"] = str(content_disposition_header(True, row.name))
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


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


def _look_through(request: HttpRequest, case: Case, form: MessageForm) -> HttpResponse:
    """Show the whole mail as the person will get it, with its files."""
    given = form.cleaned_data
    if not case.person_email:
        form.add_error(None, _("The case has no e-mail address to write to."))
        return case_page.show(request, case, bound={"message": form}, code=case_page.INVALID)
    try:
        words = correspondence.preview_to_person(
            case, subject=given["subject"], body=given["body"], link=_("[link to the status page]")
        )
    except ActionRefused as refusal:
        return _refused(request, case, "message", form, refusal)
    files = list(attachments.waiting(case, given["key"], author=staff(request).pk))
    context = {"case": case, "form": form, "words": words, "files": files, "spoken": SPOKEN[case.language]}
    return render(request, "requests_app/desk/message_check.html", context)


def _refused(request: HttpRequest, case: Case, slot: str, form: forms.Form, refused: ActionRefused) -> HttpResponse:
    """Show the page as it is now with the text still in its form; whoever still means it sends it once more."""
    case = case_page.find(case.reference)
    seen = form.cleaned_data["version"]
    data = request.POST.copy()
    data["version"] = str(case.version)
    if refused.reason.code == "message_sent_before":
        data["key"] = uuid4().hex
    fresh = type(form)(data, auto_id=form.auto_id)
    fresh.add_error(None, sentence(refused.reason))
    news = case_page.news_since(case, seen) if refused.reason.code == "case_changed" else []
    return case_page.show(request, case, bound={slot: fresh}, news=news, code=case_page.REFUSED)
