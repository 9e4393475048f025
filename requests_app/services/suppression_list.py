"""The list of those who get no marketing: who stands on it, and its rows under lock.

An entry is a keyed HMAC and nothing else (`domain.suppression`), so the list can be matched and not read.
"""

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet
from django.utils import timezone

from requests_app import selectors
from requests_app.domain.enums import SuppressionState
from requests_app.domain.suppression import ContactWay, digest, email_forms, every_digest, phone_forms
from requests_app.keyring import ring
from requests_app.models import Case, Inquiry, Suppression

_AT_A_TIME = 300  # addresses; several digests each, below the number of variables SQLite takes
_Form = tuple[ContactWay, str]


def is_blocked(address: str) -> bool:
    """Tell whether an e-mail address or phone number gets no marketing, whatever key of the ring it was noted under."""
    return are_blocked([address])[0]


def are_blocked(addresses: Sequence[str]) -> list[bool]:
    """Tell the same of many, in their order; what is neither an address nor a number is not blocked."""
    answers: list[bool] = []
    country = selectors.organisation().country
    for start in range(0, len(addresses), _AT_A_TIME):
        wanted = [_digests(_forms_of(one, country)) for one in addresses[start : start + _AT_A_TIME]]
        rows = Suppression.objects.in_force().filter(digest__in=set().union(*wanted))
        found = set(rows.values_list("digest", flat=True))
        answers += [not found.isdisjoint(digests) for digests in wanted]
    return answers


def standing(email: str) -> Suppression | None:
    """Return the entry by which an address is blocked for good, if there is one."""
    rows = Suppression.objects.in_force().filter(digest__in=_digests(_forms(email, "")))
    found = rows.filter(state=SuppressionState.STANDING.value).select_related("case")
    return found.order_by("id").first()


def entries_of(case: Case) -> QuerySet[Suppression]:
    """Return the entries in force that a case made, or that stand for the addresses of its person."""
    forms = _forms(case.person_email, case.person_phone)
    matching = Suppression.objects.in_force().filter(digest__in=_digests(forms))
    return (matching | Suppression.objects.in_force().filter(case=case)).order_by("id")


def blocks(case: Case) -> bool:
    """Tell whether the person of a case gets no marketing now, whatever of what they have asked for made it so."""
    return entries_of(case).exists()


def hold(email: str = "", phone: str = "") -> list[Suppression]:
    """Lock the entries of an address and a number, and make those that are missing, provisionally and for no case yet.

    Needs a transaction in which `block` follows. Two who do it at once end up with the same rows, one after the other.
    """
    forms = _forms(email, phone)
    known = {row.digest for row in _locked(forms)}
    missing = [form for form in forms if known.isdisjoint(_digests([form]))]
    if missing:
        Suppression.objects.bulk_create((_fresh(*form) for form in missing), ignore_conflicts=True)
    return list(_locked(forms))


def locked(email: str, phone: str) -> QuerySet[Suppression]:
    """Return the entries of an address and a number, locked in the order in which everybody locks them."""
    return _locked(_forms(email, phone))


def digests(email: str, phone: str, country: str) -> set[str]:
    """Return everything under which an address and a number may stand on the list of an organisation of `country`."""
    return _digests(_spelled(email, phone, country))


def audit_subject(case: Case | None, inquiry: Inquiry | None) -> str:
    """Return what an audit entry about the block for a case or for a message is about."""
    if case is not None:
        return f"case:{case.pk}"
    return f"inquiry:{inquiry.pk if inquiry else 0}"


def _locked(forms: Sequence[_Form]) -> QuerySet[Suppression]:
    rows = Suppression.objects.in_force().filter(digest__in=_digests(forms))
    return rows.select_for_update(of=("self",)).order_by("id")


def _forms(email: str, phone: str) -> list[_Form]:
    return _spelled(email, phone, selectors.organisation().country if phone else "")


def _spelled(email: str, phone: str, country: str) -> list[_Form]:
    return [
        *((ContactWay.EMAIL, form) for form in email_forms(email)),
        *((ContactWay.PHONE, form) for form in phone_forms(phone, country)),
    ]


def _fresh(way: ContactWay, form: str) -> Suppression:
    keys = ring()
    return Suppression(
        digest=digest(keys, way, form),
        key_id=keys.active,
        channel=way.value,
        state=SuppressionState.PROVISIONAL.value,
        created_at=timezone.now(),
    )


def _forms_of(text: str, country: str) -> list[_Form]:
    if "@" in text:
        return [(ContactWay.EMAIL, form) for form in email_forms(text)]
    return [(ContactWay.PHONE, form) for form in phone_forms(text, country)]


def _digests(forms: Iterable[_Form]) -> set[str]:
    keys = ring()
    return {found for way, form in forms for found in every_digest(keys, way, form)}
