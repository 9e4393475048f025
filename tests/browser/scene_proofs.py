"""Two people whose mailbox alone does not dispel the doubt: one more proof is wanted of them."""

from datetime import timedelta

from django.utils import timezone

from identity.domain.enums import ContactChannel, DoubtReason
from identity.domain.knowledge import OwnData
from identity.models import User
from identity.services import contact_points, knowledge, verify
from requests_app.domain import tokens
from requests_app.domain.enums import Right
from requests_app.keyring import ring
from requests_app.models import Case, Organisation

from .scene_acts import effects, form

HELD = {OwnData.FIRST_CONTACT: "2021-05", OwnData.LAST_ORDER: "2024-11", OwnData.NEWSLETTER: "Nytt fra verftet"}


def lay(hanne: User) -> tuple[Case, dict[str, str]]:
    """Return the case in which nobody has pressed the link yet, and the confirmed links by language."""
    Organisation.objects.update(asks_own_data=True)
    open_case, _token = _doubted("Åshild Vik", "nb", hanne)
    links = {}
    for name, language in (("Torstein Vik", "nb"), ("Morag Vick", "en")):
        case, token = _doubted(name, language, hanne)
        verify.confirm(token)
        effects()
        _hold(case)  # what lies under the address that was confirmed; the demo's website knows nothing of it
        links[language] = f"/identity/{token}"
    return open_case, links


def _doubted(name: str, language: str, hanne: User) -> tuple[Case, str]:
    address = f"{name.partition(' ')[0].lower().replace('å', 'aa')}@vik.example"
    case = form(name, address, Right.ACCESS, language=language)
    since = timezone.now() - timedelta(days=900)
    contact_points.record(case, ContactChannel.PHONE, "+47 900 00 000", "hubspot", since, found_by="vik@vik.example")
    point = contact_points.record(case, ContactChannel.EMAIL, "vik@vik.example", "hubspot", since)
    _hold(case)
    asked = verify.ask(case.pk, DoubtReason.FRAUD_SIGN, point.pk, actor=hanne.as_actor())
    effects()
    return case, tokens.derive_token(ring(), verify.PURPOSE, str(asked.uuid), 1)


def _hold(case: Case) -> None:
    for question, answer in HELD.items():
        knowledge.offer(case, question, {answer}, "hubspot")
