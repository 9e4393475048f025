"""Staff look at the very files that the person would get."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from exports import vault
from exports.models import BundleFile
from exports.services import bundle_files, deliver
from requests_app.permissions import Permission, may, requires, staff

# Only what a browser shows without running anything; everything else is handed over as a file.
SHOWN = {"application/pdf", "image/png", "image/jpeg"}
AS_TEXT = {"application/json", "text/csv", "text/plain"}


@requires(Permission.VIEW_CASES)
@require_GET
def preview(request: HttpRequest, file_id: int) -> HttpResponse:
    """Show a file of an answer to those who prepare or release it; every look is written down."""
    if not any(may(staff(request), wanted) for wanted in (Permission.DECIDE, Permission.RELEASE)):
        raise PermissionDenied
    file = get_object_or_404(BundleFile.objects.select_related("bundle__dsr__case"), pk=file_id)
    try:
        content = bundle_files.read(file)
    except (vault.MissingFile, bundle_files.UnreadableFile):
        raise Http404 from None
    deliver.record_preview(file, staff(request).as_actor())
    return shown(file.name, file.media_type, content)


def shown(name: str, media_type: str, content: bytes) -> HttpResponse:
    """Return a file for looking at, shut off from everything else."""
    as_text = media_type in AS_TEXT
    response = HttpResponse(content, content_type="text/plain; charset=utf-8" if as_text else media_type)
    way = "inline" if as_text or media_type in SHOWN else "attachment"
    response.headers["Content-Disposition"] = f'{way}; filename="{name.rpartition("/")[2]}"'
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "no-store"
    return response
