"""One of everything that an address of the house can point to, for the walk of `test_roles.py`."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from exports.demo import website
from exports.demo.people import INGRID
from exports.domain.enums import TaskAction
from exports.models import ErasurePlan
from exports.services import collect, corrections, holdings, ownership, plan, register
from identity.services import staff
from requests_app.domain.enums import ExtensionReason, FeeKind, RequirementKind, Right, Role
from requests_app.models import Case, SentMail
from requests_app.services import extension, fee, sent_mail
from tests import factories
from tests.exports import erasures, restrictions, scenes
from tests.exports.house import House, answer_the_rest, planned
from tests.identity.scenes import doubted
from tests.requests_app.extensions import WHAT, WHY


@dataclass(frozen=True)
class Scene:
    """What an address is filled with: by its name, else by the name of the placeholder."""

    values: dict[str, dict[str, Any]]
    cases: tuple[Case, ...]

    def url(self, name: str, route: str) -> str:
        """The address of a page in this scene."""
        given = self.values.get(name, {})
        if route.startswith("^") or "^" in route:  # a pattern, not a route
            return reverse(name, kwargs=given or {"token": "x" * 40})
        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(given.get(found[1], _REST.get(found[1], 1))), route)


_REST = {"token": "x" * 40, "language": "nb", "step": "right", "name": "none", "key": "customers"}


def build(folder: Path) -> House:
    """An installation in a folder: the shipped register, and the invented website."""
    factories.organisation()
    register.load(settings.BASE_DIR / "config" / "register.yaml")
    house = House(folder)
    website.build(house.database)
    house.dataset.write_bytes(website.DATASET.read_bytes())
    house.connect()
    return house


def lay(house: House) -> Scene:
    """Play it with the product's own services."""
    hanne = factories.staff(Role.HANDLER, name="Hanne")
    erasing = erasures.erase_task(erasures.begun(by_hand=("hubspot",)), "hubspot")
    lifted = restrictions.restricted(house)
    lifting = restrictions.proposed(lifted, hanne)
    erased = erasures.submitted(hanne, Right.ERASURE, Right.COMPLAINT)
    earlier = ErasurePlan.objects.create(dsr=erased.dsr, current=False)
    complaint = erased.dsr.case.dsrs.get(right=Right.COMPLAINT)
    review = scenes.in_review(hanne)
    kept = scenes.current(review).files.order_by("id")[0]
    corrected = factories.case(Right.RECTIFICATION, email=INGRID.email).dsrs.get()
    plan.locate_and_plan(corrected.pk)
    read = corrected.tasks.get(system="website", action=TaskAction.READ.value)
    collect.run_task(read.pk)
    read.refresh_from_db()
    answer_the_rest(corrected)
    place = next(iter(holdings.places(holdings.of_request(scenes.fresh(corrected)))))
    corrections.enter(corrected.pk, [place.wanted("Ny verdi")], actor=hanne.as_actor())
    correction = corrected.corrections.all()[0]
    working = planned()
    by_hand = working.tasks.filter(mode="manual").order_by("id")
    task = by_hand[0]
    ownership.name_owner(by_hand[1].system, user_id=None, email="eier@leverandor.example", actor=hanne.as_actor())
    link = ownership.send(by_hand[1].pk, actor=hanne.as_actor())
    owner = factories.staff(Role.SYSTEM_OWNER)
    ownership.name_owner(task.system, user_id=owner.pk, email="", actor=hanne.as_actor())
    extended = extension.propose(
        working.pk, reasons=[ExtensionReason.VOLUME, ExtensionReason.DISPERSED], explanation=WHY, what_comes=WHAT,
        actor=hanne.as_actor(),
    )  # fmt: skip
    charged = fee.propose(
        factories.dsr().pk, kind=FeeKind.FURTHER_COPY, amount=Decimal("250.50"), cost_basis="Papir", reasons="Kopi",
        withdraw_by=fee.earliest() + timedelta(days=1), actor=hanne.as_actor(),
    )  # fmt: skip
    question = doubted(handler=hanne)
    outside = _outside(working.case)
    colleague, unsorted = factories.staff(Role.HANDLER), factories.inquiry()
    invitation, _ = staff.invite("ny@optimar.example", [Role.HANDLER])
    case, dsr = {"reference": working.case.reference}, {"dsr_id": review.pk}
    one = {**case, "pk": working.pk}
    message = working.case.messages.order_by("id")[0]
    of_erasure = {"dsr_id": erased.dsr_id}
    desk: dict[str, dict[str, Any]] = {
        **_each(("sort", "attach", "take-off"), {"pk": unsorted.pk}),
        **_each(("inquiry", "raw", "evidence"), {"pk": working.case.inquiries.get().pk}),
        **_each(("document", "document-free", "raw-whole", "original-deleted"), {"pk": unsorted.pk}),
        **_each(("letter", "letter-edit", "letter-restore"), {"key": "acknowledgement", "language": "nb"}),
        **_each(
            ("case", "message", "note", "acknowledge", "read", "assign", "mandate", "add-right", "marketing-lift",
             "marketing-block", "marketing-nobody", "mandate-record", "mandate-back", "shield", "shield-lift",
             "parties"), case,
        ),
        **_each(("late", "basis", "extend", "set-right", "receipt", "clarification", "answered"), one),
        "fee": {"reference": charged.dsr.case.reference, "pk": charged.dsr_id},
        "act": {**one, "action": "start"},
        "advice": {**one, "subject": "extension"},
        "again": {**case, "pk": message.pk},
        "attachment": {**case, "pk": 1},
        **_each(
            ("outside-raw", "outside-answer", "outside-confirm", "outside-other"), {**case, "pk": outside.pk}
        ),
        **_each(
            ("extension-approve", "extension-back", "extension-told"), {**case, "pk": extended.pk}
        ),
        **_each(
            ("fee-approve", "fee-back", "fee-told"), {"reference": charged.dsr.case.reference, "pk": charged.pk}
        ),
    }  # fmt: skip
    of_exports: dict[str, dict[str, Any]] = {
        "case-register": {"case_id": working.case_id},
        "message-post": {**case, "message_id": message.pk},
        **_each(("task", "task-retry", "task-reopen", "task-evidence"), {"task_id": task.pk}),
        **_each(("erasure-task", "erasure-order"), {"task_id": erasing.pk}),
        "erasure-line": {"line_id": erased.lines.order_by("id")[0].pk},
        "erasure-earlier": {"plan_id": earlier.pk},
        **_each(
            ("erasure", "erasure-include", "erasure-submit", "erasure-approve", "erasure-cancel", "erasure-hold",
             "erasure-lift"), of_erasure,
        ),
        "masked-case": case,
        "task-link": {"task_id": task.pk},
        "task-link-withdraw": {"link_id": link.pk},
        "own-task": {"task_id": task.pk},
        "complaint-scope": {**of_erasure, "complaint_id": complaint.pk},
        "unverified-propose": {"dsr_id": working.pk},
        "lifting-propose": {"dsr_id": lifted.pk},
        **_each(("lifting-approve", "lifting-back", "lifting-told"), {"lifting_id": lifting.pk}),
        **_each(
            ("corrections", "corrections-by-hand", "corrections-carry-out", "correction-remove"),
            {"dsr_id": corrected.pk, "correction_id": correction.pk},
        ),
        "correction-row": {
            "dsr_id": corrected.pk, "task_id": read.pk, "round_": read.round, "number": 0,
        },
        **_each(
            [f"answer-{name}" for name in (
                "draft", "outcome", "submit", "release", "back", "build", "offer", "withdraw", "way", "delivered",
                "told", "tell", "nothing-new",
            )], dsr,
        ),
        "answer-override": {**dsr, "kind": RequirementKind.SYSTEMS.value},
        "answer-file": {"file_id": kept.pk},
        "register-fill": {"field": "activities.PA03.retention", "key": "customers"},
        "register-settle": {"part": "systems.hubspot", "key": "customers"},
        "register-question": {"question": "controller.dpo", "key": "customers"},
        **_each(
            ("register-version", "register-changes", "register-download"), {"number": 2, "key": "customers"}
        ),
    }  # fmt: skip
    asked = {"reference": question.case.reference, "pk": question.pk}
    of_identity = {
        **_each(("ask", "withdraw", "address", "old-address-lost", "call-back", "shown"), asked),
        **_each(
            [
                f"staff-{what}"
                for what in (
                    "person",
                    "roles",
                    "absence",
                    "deactivate",
                    "reactivate",
                    "renew",
                    "sessions-end",
                )
            ],
            {"pk": colleague.pk},
        ),
        "staff-withdraw": {"pk": invitation.pk},
    }
    values = {f"requests:desk:{name}": given for name, given in desk.items()}
    values |= {f"exports:desk:{name}": given for name, given in of_exports.items()}
    values |= {f"identity:{name}": given for name, given in of_identity.items()}
    values["api:inquiry"] = {"pk": unsorted.pk}
    values["api:case"] = case
    return Scene(values, (working.case, review.case, erased.dsr.case, question.case))


def _each(names: Iterable[str], given: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The same for several addresses."""
    return dict.fromkeys(names, given)


def _outside(case: Case) -> SentMail:
    """A mail that somebody of the house sent to the person from a mail program."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Anne <anne@optimar.no>", case.person_email, f"Sv: {case.reference}"
    mail.set_content("Her er alt.")
    raw = mail.as_bytes(policy=SMTP)
    row, _ = sent_mail.record(sent_at=timezone.now(), raw=raw, oversize=False, size=len(raw))
    sent_mail.read(row.pk)
    return row
