"""The panel of the case page that says how a rectification stands."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from exports.services import correction_plan
from requests_app.domain.enums import Right, Stage
from requests_app.models import Case, DataSubjectRequest
from requests_app.permissions import Permission, may, staff
from requests_app.reasons import sentence

_BEFORE = (Stage.RECEIVED, Stage.TRIAGED)


@dataclass(frozen=True)
class Summary:
    """One rectification in numbers; `blocked` is why the corrections cannot be made yet."""

    dsr: DataSubjectRequest
    entered: int
    done: int
    blocked: str


def corrections(request: HttpRequest, case: Case) -> str:
    """Return the panel as HTML; empty where nothing is to be corrected, or nobody has looked yet."""
    rectified = [dsr for dsr in case.dsrs.order_by("id") if dsr.right == Right.RECTIFICATION]
    shown = [_summary(dsr, case) for dsr in rectified if dsr.stage not in _BEFORE]
    if not shown:
        return ""
    context = {"summaries": shown, "works": may(staff(request), Permission.WORK_TASKS)}
    return SafeString(render_to_string("exports/desk/correction_panel.html", context, request=request))


def _summary(dsr: DataSubjectRequest, case: Case) -> Summary:
    dsr.case = case
    rows = dsr.corrections.all()
    reason = correction_plan.why_not_write(dsr) if rows else None
    return Summary(dsr, len(rows), sum(row.done_at is not None for row in rows), sentence(reason) if reason else "")
