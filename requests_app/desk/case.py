"""The page of one case."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from requests_app.permissions import Permission, requires

from . import case_page


@require_safe
@requires(Permission.VIEW_CASES)
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """Show a case: where it stands, by when, what was said, what there is to do."""
    return case_page.show(request, case_page.find(reference))
