"""Requests whose time is extended, step by step, by the product's own services."""

from datetime import UTC, datetime

from identity.models import User
from requests_app.domain.enums import ExtensionReason, Role
from requests_app.models import DataSubjectRequest, Extension
from requests_app.services import extension
from tests import factories

RECEIVED = datetime(2026, 9, 1, 8, tzinfo=UTC)
"""Month and promise end on 1 October, an extension on 1 December."""
BEFORE_EASTER = datetime(2026, 3, 2, 8, tzinfo=UTC)
"""The promise ends on 1 April, the month on 7 April: Easter lies in between."""
WHY = "Vi må gå gjennom 4000 meldinger i elleve postkasser."
WHAT = "Du får oversikten innen 15. oktober, og resten innen den nye fristen."


def at(month: int, day: int, hour: int = 10) -> datetime:
    """An hour of a day of 2026, by UTC."""
    return datetime(2026, month, day, hour, tzinfo=UTC)


def proposed(dsr: DataSubjectRequest, by: User | None = None) -> Extension:
    """A handler proposes."""
    return extension.propose(
        dsr.pk, reasons=[ExtensionReason.VOLUME, ExtensionReason.DISPERSED], explanation=WHY, what_comes=WHAT,
        actor=(by or factories.staff()).as_actor(),
    )  # fmt: skip


def approved(dsr: DataSubjectRequest) -> Extension:
    """The decision-maker has approved, and the letter is owed."""
    row = proposed(dsr)
    return extension.approve(row.pk, actor=factories.staff(Role.DECISION_MAKER).as_actor())


def fresh(dsr: DataSubjectRequest) -> DataSubjectRequest:
    """The request as it is now."""
    return DataSubjectRequest.objects.select_related("case").get(pk=dsr.pk)
