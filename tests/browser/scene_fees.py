"""Fees of the scene: proposed, told by mail, to be posted, told by hand, and one that was taken back."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

from django.utils import timezone

from identity.models import User
from requests_app.domain.enums import Channel, DeliveryWay, FeeKind, Right
from requests_app.models import Case
from requests_app.services import fee, intake, staff_entry

from .scene_acts import effects, form

_BASIS = "Papir og porto for 140 sider: 120 kroner. En og en halv time til utskrift og sladding: 730 kroner."
_WHY = "Du fikk en kopi av opplysningene 3. november, og ber nå om en kopi til av det samme."


def lay(hanne: User, astrid: User) -> dict[str, Case]:
    """Play the fees, and return their cases by name."""
    found = {
        "fee_proposed": form("Gudrun Sande", "gudrun.sande@example.com", Right.ACCESS),
        "fee_told": form("Håvard Øie", "haavard.oie@example.com", Right.ACCESS),
        "fee_to_post": _by_phone("Torunn Vågen", hanne),
        "fee_posted": _by_phone("Olaug Hals", hanne),
        "fee_taken_back": form("Sigurd Lunde", "sigurd.lunde@example.com", Right.ACCESS),
    }
    for name, case in found.items():
        row = fee.propose(
            case.dsrs.get().pk, kind=FeeKind.FURTHER_COPY, amount=Decimal("850.50"), cost_basis=_BASIS, reasons=_WHY,
            withdraw_by=fee.earliest() + timedelta(days=1), actor=hanne.as_actor(),
        )  # fmt: skip
        if name != "fee_proposed":
            fee.approve(row.pk, actor=astrid.as_actor())
        if name == "fee_posted":
            fee.told(row.pk, DeliveryWay.POST, fee.today(), actor=hanne.as_actor())
        if name == "fee_taken_back":
            fee.take_back(row.pk, actor=hanne.as_actor())
    effects()
    return found


def _by_phone(name: str, hanne: User) -> Case:
    """Somebody without an e-mail address."""
    entry = staff_entry.Entry(
        channel=Channel.PHONE,
        received_at=timezone.now() - timedelta(hours=2),
        person=intake.Person(name=name, phone="100 00 115"),
        rights=[Right.ACCESS],
        text="Vil ha en kopi til av det vi sendte i forrige måned.",
        language="nb",
        taken_by="Hanne Dahl",
    )
    return staff_entry.enter(entry, key=uuid4(), user=hanne)
