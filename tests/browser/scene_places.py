"""Where everything in the scene can be seen, for the browser."""

from typing import Any

from django.conf import settings

from exports.domain.enums import TaskAction
from exports.models import Bundle, ErasureLine, SystemTask
from identity.models import User
from identity.services import staff, verify
from requests_app.domain import tokens
from requests_app.domain.enums import Role
from requests_app.keyring import ring
from requests_app.models import Case, Inquiry
from requests_app.services import intake


class Places:
    """Where everything can be seen, for the browser."""

    def __init__(self) -> None:
        self.found: dict[str, Any] = {"cases": {}, "inquiries": {}, "rows": {}, "lines": {}}

    def case(self, **cases: Case) -> None:
        """Where a case, its requests, tasks and files are."""
        for name, case in cases.items():
            case.refresh_from_db()
            drawn = Bundle.objects.current().filter(dsr__case=case).first()
            self.found["cases"][name] = {
                "reference": case.reference,
                "email": case.person_email,
                "dsr": case.dsrs.order_by("id").values_list("pk", flat=True)[0],
                "link": f"{settings.SITE_URL}/s/{intake.link_token(case)}",
                "tasks": list(
                    SystemTask.objects.filter(dsr__case=case).order_by("id").values("pk", "mode", "state", "action")
                ),
                "files": list(drawn.files.order_by("id").values("pk", "name")) if drawn else [],
            }

    def rectifications(self, **cases: Case) -> None:
        """Where the rows of rectifications are corrected, and what a person confirms."""
        self.case(**cases)
        reads = SystemTask.objects.filter(system="website", action=TaskAction.READ.value)
        for name, case in cases.items():
            read = reads.get(dsr__case=case)
            self.found["rows"][name] = f"/desk/corrections/{read.dsr_id}/rows/{read.pk}/{read.round}/0/"
        link = cases["rectified"].verifications.get(purpose="new_address")
        token = tokens.derive_token(ring(), verify.PURPOSE, str(link.uuid), 1)
        self.found["new_address"] = f"/identity/{token}"

    def erasures(self, **cases: Case) -> None:
        """Where the lines of a plan are, by measure."""
        for name, case in cases.items():
            lines = ErasureLine.objects.filter(plan__dsr__case=case).order_by("id")
            self.found["lines"][name] = {line.measure: line.pk for line in lines}

    def inquiries(self) -> None:
        """Where an inquiry is, by its subject line."""
        for inquiry in Inquiry.objects.light().order_by("id"):
            self.found["inquiries"][inquiry.subject or f"without subject {inquiry.pk}"] = inquiry.pk

    def staff(self, people: dict[str, User]) -> None:
        """Who works here, and the links of those who do not yet."""
        self.found["staff"] = {name: {"email": user.email, "pk": user.pk} for name, user in people.items()}
        administrator = people["administrator"].as_actor()
        for language in ("nb", "en"):
            _, url = staff.invite(f"ny.{language}@optimar.example", [Role.HANDLER, Role.APPROVER], actor=administrator)
            self.found[f"invitation_{language}"] = url


def names() -> list[str]:
    """Every address and every longer part of a name that must not stand in an address or a title."""
    people = [*Case.objects.values_list("person_name", "person_email")]
    people += Inquiry.objects.values_list("sender_name", "sender_address")
    words = {word for name, email in people for word in (email, *name.split()) if len(word) > 3}
    return sorted(words - {"Kontoret", "Regnskap", "Messekontoret", "Mail", "Delivery", "System"})  # nobody
