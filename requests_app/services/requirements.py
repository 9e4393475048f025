"""What must hold before a release, written down by whoever knows."""

from requests_app.domain.enums import RequirementKind, RequirementState
from requests_app.models import DataSubjectRequest, Requirement


def put(dsr: DataSubjectRequest, kind: RequirementKind, *, met: bool, reason: str = "") -> None:
    """Say whether `kind` holds for this request, and if not, why: a sentence or code without personal data."""
    state = RequirementState.MET if met else RequirementState.OPEN
    Requirement.objects.update_or_create(
        dsr=dsr, kind=kind.value, defaults={"state": state.value, "reason": "" if met else reason[:500]}
    )


def drop(dsr: DataSubjectRequest, kind: RequirementKind) -> None:
    """Forget a requirement that does not apply any more."""
    Requirement.objects.filter(dsr=dsr, kind=kind.value).delete()
