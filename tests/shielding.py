"""A case with one of everything that an address of the desk can name, and every address of the desk that names it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from exports.models import Bundle, BundleFile, ErasureLine, ErasurePlan, Lifting, SystemTask, TaskLink
from identity.models import User
from requests_app.domain.enums import Right
from requests_app.models import Case, DataSubjectRequest, Extension, Inquiry, Message
from requests_app.services import attachments, correspondence
from tests import factories

MARKER = "Zacharias Quistgaardsen"
"""The name of the person of the scene: nobody else is called so."""
MAIL = "zacharias.quistgaardsen@example.com"
NOBODYS_KEYWORDS = {"pk", "token", "key", "language", "field", "part", "question", "number"}
"""Parts of addresses outside `desk/cases/` and `desk/inbox/` that name no case."""


@dataclass(frozen=True)
class Scene:
    """The case, its inquiry, and the number of what an address can name, by the name of its part."""

    case: Case
    inquiry: Inquiry
    numbers: dict[str, int]
    of_reference: dict[str, int]


@dataclass(frozen=True)
class Address:
    """One address of the desk, by the name of its page."""

    name: str
    route: str
    url: str


def scene(user: User) -> Scene:
    """Return a case of a person called MARKER, as `user` would have worked on it."""
    case = factories.case(Right.ERASURE, Right.COMPLAINT, email=MAIL)
    Case.objects.filter(pk=case.pk).update(person_name=MARKER)
    inquiry = Inquiry.objects.get(case=case)
    Inquiry.objects.filter(pk=inquiry.pk).update(sender_name=MARKER, sender_address=MAIL, subject=f"Fra {MARKER}")
    dsr, complaint = case.dsrs.order_by("id")
    now, today = timezone.now(), date(2026, 11, 27)
    plan = ErasurePlan.objects.create(dsr=dsr)
    earlier = ErasurePlan.objects.create(dsr=dsr, current=False)
    line = ErasureLine.objects.create(plan=plan, activity="PA01", system="website")
    task = SystemTask.objects.create(
        dsr=dsr, system="website", system_name="Website", mode="manual", due_on=today + timedelta(days=9)
    )
    link = TaskLink.objects.create(
        task=task, round=task.round, sent_to="eier@example.com", key_id="k1", token_digest="0" * 64, sent_by=user,
        created_at=now, expires_at=now + timedelta(days=1),
    )  # fmt: skip
    lifting = Lifting.objects.create(dsr=dsr, reason="x", lifted_on=today, proposed_by=user, proposed_at=now)
    bundle = Bundle.objects.create(dsr=dsr, created_at=now, input_sha256="0" * 64)
    file = BundleFile.objects.create(
        bundle=bundle, name="letter.pdf", media_type="application/pdf", size=1, sha256="0" * 64, stored_as="nowhere"
    )
    message: Message = correspondence.receive(case, body=f"Hei, {MARKER}", at=now)
    Message.objects.filter(pk=message.pk).update(subject=f"Fra {MARKER}")
    extension = Extension.objects.create(
        dsr=dsr, reasons=["complex"], explanation="x", what_comes="y", answer_by=today,
        proposed_by=user, proposed_at=now,
    )  # fmt: skip
    attachment = attachments.keep(case.pk, "0" * 32, "a.txt", b"a text\n", author=user.pk)
    case.refresh_from_db()
    return Scene(
        case=case,
        inquiry=inquiry,
        numbers={
            "case_id": case.pk, "dsr_id": dsr.pk, "complaint_id": complaint.pk, "task_id": task.pk,
            "plan_id": earlier.pk, "line_id": line.pk, "lifting_id": lifting.pk, "file_id": file.pk,
            "message_id": message.pk, "link_id": link.pk, "round_": 1, "number": 0, "correction_id": 1,
        },
        of_reference={
            "attachments/": attachment.pk, "requests/": dsr.pk, "messages/": message.pk, "outside/": 1,
            "extensions/": extension.pk, "fees/": 1, "identity/": 1,
        },
    )  # fmt: skip


def addresses(scene: Scene) -> Iterator[Address]:
    """Yield every address of the desk that names the case of a scene, or something of it."""
    for name, route, pattern in patterns(get_resolver().url_patterns, "", ""):
        if not route.startswith("desk/"):
            continue
        parts = list(pattern.pattern.converters)
        kwargs = {part: _fill(part, route, scene) for part in parts}
        if any(value is None for value in kwargs.values()):
            yield Address(name, route, "")  # a part that nobody knows
        elif _names_the_case(route, parts):
            yield Address(name, route, "/" + _filled(route, kwargs))


def _names_the_case(route: str, parts: list[str]) -> bool:
    return route.startswith(("desk/cases/", "desk/inbox/<")) or bool(set(parts) - NOBODYS_KEYWORDS - {"round_"})


def _fill(part: str, route: str, scene: Scene) -> Any:
    if part == "reference":
        return scene.case.reference
    if part == "pk" and route.startswith("desk/inbox/"):
        return scene.inquiry.pk
    if part == "pk" and "<reference:reference>" in route:
        rest = route.partition("<reference:reference>/")[2]
        return next((number for head, number in scene.of_reference.items() if rest.startswith(head)), None)
    if part in scene.numbers:
        return scene.numbers[part]
    words = {"kind": "register", "action": "start", "subject": "refusal"}
    return words.get(part, "x" if part in NOBODYS_KEYWORDS else None)


def _filled(route: str, kwargs: dict[str, Any]) -> str:
    for part, value in kwargs.items():
        head, _, rest = route.partition(f":{part}>")
        route = f"{head[: head.rindex('<')]}{value}{rest}"
    return route


def patterns(
    entries: list[URLPattern | URLResolver], namespace: str, route: str
) -> Iterator[tuple[str, str, URLPattern]]:
    for entry in entries:
        here = route + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from patterns(entry.url_patterns, inner, here)
        else:
            yield f"{namespace}{entry.name}", here, entry


def request_of(scene: Scene) -> DataSubjectRequest:
    """Return the first request of the scene."""
    return scene.case.dsrs.order_by("id")[0]
