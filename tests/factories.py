"""Makes what tests need, by the product's own services where there is one. All persons are invented."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from itertools import count

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from identity.models import StaffRole, User
from requests_app.domain.enums import Channel, MandateKind, Outcome, Requester, Right, Role, Stage
from requests_app.domain.mandates import NEEDED
from requests_app.models import Case, DataSubjectRequest, Decision, Inquiry, Mandate, Organisation
from requests_app.services import intake, mandate_record

PASSWORD = "kort-nok-men-lang-nok-7"
_serial = count(1)


def organisation(**changes: object) -> Organisation:
    """Return the one organisation row: Optimar, Norway, a promise of 30 days."""
    values: dict[str, object] = {
        "name": "Optimar",
        "country": "NO",
        "time_zone": "Europe/Oslo",
        "policy_days": 30,
        "rights_contact": "info@optimar.no",
        "from_address": "info@optimar.no",
        "own_addresses": ["info@optimar.no"],
        "own_domains": ["optimar.no"],
        "own_mail_hosts": ["mx1.optimar.no"],
        "languages": ["nb", "en"],
        "supervisory_authority": {
            "name": {"nb": "Datatilsynet", "en": "the Norwegian Data Protection Authority (Datatilsynet)"},
            "postal_address": "Postboks 458 Sentrum, 0105 Oslo",
            "website": "www.datatilsynet.no",
        },
    }
    row, _ = Organisation.objects.update_or_create(pk=1, defaults=values | changes)
    return row


def staff(*roles: Role, name: str = "", active: bool = True) -> User:
    """Return an account with these roles (default: handler) and PASSWORD."""
    number = next(_serial)
    user = User(email=f"staff{number}@optimar.example", name=name or f"Ansatt {number}", is_active=active)
    user.password = _hashed()
    user.save()
    StaffRole.objects.bulk_create(StaffRole(user=user, role=role.value) for role in roles or (Role.HANDLER,))
    return user


@cache
def _hashed() -> str:
    """Hash PASSWORD once: hashing is slow on purpose, and no test of ours minds that accounts share a salt."""
    return make_password(PASSWORD)


def inquiry(
    text: str = "Hvilke opplysninger har dere om meg?",
    *,
    channel: Channel = Channel.MAIL,
    received_at: datetime | None = None,
    **changes: object,
) -> Inquiry:
    """Return a parsed, unsorted inquiry."""
    number = next(_serial)
    raw = f"From: Kari Holm <kari.holm@example.com>\r\nSubject: Innsyn {number}\r\n\r\n{text}".encode()
    row, _ = intake.record_inquiry(channel=channel, received_at=received_at or timezone.now(), raw=raw)
    values: dict[str, object] = {
        "parsed_at": timezone.now(),
        "subject": f"Innsyn {number}",
        "sender_name": "Kari Holm",
        "sender_address": "kari.holm@example.com",
        "text": text,
        "language": "nb",
        "suggested_rights": ["access"],
        "auto_reply_allowed": True,
        "auto_reply_reason": "ok",
    }
    Inquiry.objects.filter(pk=row.pk).update(**(values | changes))
    row.refresh_from_db()
    return row


def case(
    *rights: Right,
    received_at: datetime | None = None,
    language: str = "nb",
    email: str = "kari.holm@example.com",
    channel: Channel = Channel.FORM,
) -> Case:
    """Return an open case with one sorted request per right (default: access). Makes the organisation if needed."""
    if not Organisation.objects.filter(pk=1).exists():
        organisation()
    wanted: Sequence[Right] = rights or (Right.ACCESS,)
    return intake.open_case(
        inquiry(channel=channel, received_at=received_at),
        wanted,
        intake.Person(name="Kari Holm", email=email),
        language=language,
        scope="",
    )


def dsr(right: Right = Right.ACCESS, *, received_at: datetime | None = None) -> DataSubjectRequest:
    """Return one sorted request in a case of its own."""
    return case(right, received_at=received_at).dsrs.get()


def mandate(case: Case, *, to_agent: bool = True, days: int = 30) -> Mandate:
    """Return the mandate of whoever writes in a case, looked at and good for some days from its receipt on."""
    case.refresh_from_db()
    kind = MandateKind.GUARDIAN if case.requester == Requester.GUARDIAN else MandateKind.AGENT
    since = case.received_at.date()
    return mandate_record.record(
        case.pk, kind, checks=NEEDED[kind], rights=[], valid_from=since - timedelta(days=1),
        valid_until=since + timedelta(days=days), to_agent=to_agent, actor=staff().as_actor(),
    )  # fmt: skip


def force(dsr: DataSubjectRequest, stage: Stage, **changes: object) -> None:
    """Put a request where only a whole story would bring it, signed by two persons if that takes two."""
    if stage in (Stage.RELEASED, Stage.CLOSED):
        signed = {"outcome": Outcome.FULFILLED.value, "prepared_by": staff(), "released_by": staff(Role.APPROVER)}
        Decision.objects.update_or_create(dsr=dsr, defaults=signed)
    DataSubjectRequest.objects.filter(pk=dsr.pk).update(stage=stage.value, **changes)


def close(case: Case, at: datetime | None = None) -> None:
    """Close a case as if each of its requests had been answered."""
    at = at or timezone.now()
    for one in case.dsrs.all():
        force(one, Stage.CLOSED, outcome=Outcome.FULFILLED.value, closed_at=at)
    Case.objects.filter(pk=case.pk).update(closed_at=at, due_on=None)
