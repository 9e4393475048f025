"""A mail of a case as PDF, for whoever posts it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from exports.services import pdf, post
from requests_app.permissions import Permission, requires, staff

from .preview_views import shown


@requires(Permission.VIEW_CASES)
@require_GET
def mail(request: HttpRequest, reference: str, message_id: int) -> HttpResponseBase:
    """Return a message to the person as PDF."""
    found = get_object_or_404(post.mails(reference), pk=message_id)
    try:
        content = post.printed(found, actor=staff(request).as_actor())
    except pdf.PdfError:
        messages.error(request, _("The PDF could not be drawn. Try again."))
        return redirect("requests:desk:case", reference)
    response: HttpResponse = shown(f"{reference}-{message_id}.pdf", "application/pdf", content)
    return response
