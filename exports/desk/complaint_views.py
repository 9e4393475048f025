"""Saying of a complaint whether it is about the content of a deletion."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from exports.services import complaint_scope
from requests_app.domain.enums import Right
from requests_app.domain.errors import ActionRefused
from requests_app.models import DataSubjectRequest
from requests_app.permissions import Permission, requires, staff
from requests_app.reasons import sentence


@requires(Permission.DECIDE)
@require_POST
def scope(request: HttpRequest, dsr_id: int, complaint_id: int) -> HttpResponse:
    """Take the answer: `about` is yes or no; the version is that of the case of the deletion."""
    erasures = DataSubjectRequest.objects.select_related("case").filter(right=Right.ERASURE.value)
    dsr = get_object_or_404(erasures, pk=dsr_id)
    said, version = request.POST.get("about"), request.POST.get("version", "")
    if said in ("yes", "no"):
        try:
            complaint_scope.answer(
                dsr.pk, complaint_id, is_about=said == "yes", actor=staff(request).as_actor(),
                version=int(version) if version.isascii() and version.isdigit() and len(version) < 10 else -1,
            )  # fmt: skip
        except ActionRefused as refused:
            messages.error(request, sentence(refused.reason))
        else:
            messages.success(request, _("Recorded. You can change it for as long as the complaint is open."))
    return redirect(f"{reverse('requests:desk:case', args=[dsr.case.reference])}#erasure-{dsr.pk}")
