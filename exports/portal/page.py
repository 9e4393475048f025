"""What the person sees of an answer: nothing before it is released, then the way to it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise

from exports import labels
from exports.models import Bundle
from exports.services import deliver
from exports.services.deliver import Counted
from identity.services import codes
from requests_app.labels import right_label
from requests_app.models import Case

from . import code_session
from .forms import CodeForm


@dataclass(frozen=True)
class Line:
    """One file in the list."""

    counted: Counted
    label: Promise


@dataclass(frozen=True)
class Offer:
    """One answer: open, or over, or deleted."""

    bundle: Bundle
    right: Promise | str
    open: bool
    letters: list[Line]
    machine_files: list[Line]


def offers(case: Case) -> list[Offer]:
    """Return the answers that were released in a case."""
    return [_offer(bundle) for bundle in deliver.offered(case)]


def context(request: HttpRequest, case: Case, form: CodeForm | None = None) -> dict[str, Any]:
    """Return what the templates of the answer draw."""
    found = offers(case)
    until: datetime | None = code_session.granted_until(request, case)
    return {
        "case": case,
        "form": form or CodeForm(),
        "offers": found,
        "any_open": any(offer.open for offer in found),
        "granted_until": until,
        "asked": code_session.was_asked(request, case),
        "paused_until": codes.paused_until(case),
        "downloads": Bundle.MAX_DOWNLOADS,
    }


def _offer(bundle: Bundle) -> Offer:
    lines = [Line(counted, labels.package_file(counted.file.name)) for counted in deliver.files_of(bundle)]
    return Offer(
        bundle=bundle,
        right=right_label(bundle.dsr.right),
        open=deliver.why_not(bundle) is None,
        letters=[line for line in lines if line.counted.for_people],
        machine_files=[line for line in lines if not line.counted.for_people],
    )
