"""The identity panel of the case page."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from identity import labels, selectors
from identity.domain.assurance import Required, is_lately, rank
from identity.domain.enums import BY_STAFF, Level, Method, VerificationState
from identity.methods import eid
from identity.models import ContactPoint, Verification
from identity.models.user import normal_address
from identity.services import codes, delivery, verify
from requests_app.desk import systems
from requests_app.domain.enums import SuspensionKind
from requests_app.domain.snapshot import Reason
from requests_app.labels import RIGHTS
from requests_app.models import Case
from requests_app.permissions import Permission, Staff, may, staff
from requests_app.reasons import sentence
from requests_app.services import clock, waiting

from . import proofs
from .question_forms import ASK_PREFIX, AskForm, OldAddressLostForm


@dataclass(frozen=True)
class Need:
    """How sure we have to be for one request, when, why, and whether it is missing; `right` where several are open."""

    level: Level
    level_words: Promise
    moment: Promise | str
    why: Promise
    right: Promise | str
    missing: bool


@dataclass(frozen=True)
class Address:
    """One contact point as the panel shows it; `by_number`: nothing but the number in the request led to it."""

    point: ContactPoint
    system: str
    channel: Promise
    from_request: bool
    by_number: bool
    new: bool


@dataclass(frozen=True)
class Question:
    """One line of the history; `method` only where no link was sent: then `by_staff` tells who recorded it."""

    row: Verification
    doubt: Promise
    state: Promise
    method: Promise | str
    by_staff: bool


@dataclass(frozen=True)
class Change:
    """One address that is to stand in place of another."""

    row: Verification
    old_words: Promise | str
    new_words: Promise
    form: OldAddressLostForm | None


def identity(request: HttpRequest, case: Case) -> str:
    """Return the panel as HTML: how sure we are, addresses on file, what was asked, and the form to ask."""
    standing, assurance = selectors.standing(case), selectors.assurance(case)
    reason = delivery.why_none(case)
    address, addresses = delivery.address_for(case), _addresses(case)
    context = {
        "case": case,
        "needs": _needs(case),
        "level": assurance.level,
        "level_words": labels.LEVELS[assurance.level],
        "method": labels.METHODS[assurance.method] if assurance.method else "",
        "since": assurance.at,
        "waiting": standing.waiting,
        "asked_at": _asked_at(case, standing.waiting) if standing.waiting else None,
        "paused": any(clock.derive(dsr).paused for dsr in case.dsrs.all() if dsr.closed_at is None),
        "expired": standing.waiting is not None and standing.waiting.expires_at <= timezone.now(),
        "delivery_address": address,
        "provenance": [one for one in addresses if normal_address(one.point.value) == address],
        "why_no_address": _why_no_address(case, reason),
        "needs_address": delivery.waits_for_address(case),
        "addresses": addresses,
        "changes": [_change(one, staff(request)) for one in selectors.address_changes(case)],
        "history": [_question(row) for row in selectors.verifications(case)],
        "codes_paused_until": codes.paused_until(case),
        "eid": eid.switched_on(),
        "eid_mismatch": _mismatch(case, standing.waiting) if standing.waiting else None,
        "why_not": _why_not(staff(request), case),
        "may_ask": may(staff(request), Permission.ASK_IDENTITY),
        "form": AskForm(addresses=selectors.addresses_to_ask_at(case), prefix=ASK_PREFIX),
        **proofs.context(case, staff(request)),
    }
    return render_to_string("identity/desk/panel.html", context, request=request)


def _needs(case: Case) -> list[Need]:
    """Return what is needed for each open request, the highest first."""
    dsrs = [dsr for dsr in case.dsrs.open().select_related("case").order_by("id") if dsr.right]
    needs = [_need(delivery.demands(dsr)[0], delivery.missing(dsr), dsr.right if len(dsrs) > 1 else "") for dsr in dsrs]
    return sorted(needs, key=lambda one: -rank(one.level))


def _need(one: Required, missing: tuple[Required, ...], right: str) -> Need:
    return Need(
        one.level,
        labels.LEVELS[one.level],
        moment=labels.MOMENTS[one.moment] if one.level is not Level.L0 else "",
        why=labels.WHY[one.why],
        right=RIGHTS[right] if right else "",
        missing=bool(missing),
    )


def _asked_at(case: Case, latest: Verification) -> datetime:
    """Return since when we wait for the answer; each reminder has a link of its own, and asks nothing new."""
    asked = waiting.questions().filter(dsr__case=case, kind=SuspensionKind.IDENTITY.value)
    first: datetime | None = asked.aggregate(first=Min("asked_at"))["first"]
    return first or latest.asked_at


def _mismatch(case: Case, latest: Verification) -> datetime | None:
    """Return when an electronic ID last said another name while this question waited, or None."""
    return selectors.eid_mismatch(case, since=_asked_at(case, latest))


def _why_no_address(case: Case, reason: Reason | None) -> str:
    if reason is not None and delivery.goes_by_hand(case):
        return _("The answer is posted or handed over, so there is no code.")
    return sentence(reason) if reason else ""


def _change(change: selectors.AddressChange, user: Staff) -> Change:
    row, asks = change.row, not change.old_shown and may(user, Permission.OVERRIDE)
    shown = labels.STATES[VerificationState.CONFIRMED if change.old_shown else VerificationState.ASKED]
    return Change(
        row,
        old_words=labels.OLD_LOST if row.old_lost else shown,
        new_words=labels.STATES[row.state],
        form=OldAddressLostForm(auto_id=f"lost-{row.pk}-%s") if asks else None,
    )


def _why_not(user: Staff, case: Case) -> str:
    """Return why nobody, or not this person, may ask now; empty when they may."""
    if not may(user, Permission.ASK_IDENTITY):
        return _("Handlers and decision-makers ask about identity.")
    reason: Reason | None = verify.why_not_ask(case)
    return sentence(reason) if reason else ""


def _addresses(case: Case) -> list[Address]:
    points = selectors.contact_points(case)
    names = systems.names() if points else {}
    return [_address(case, point, names.get(point.system, point.system)) for point in points]


def _address(case: Case, point: ContactPoint, system: str) -> Address:
    local = clock.calendar().local_date
    return Address(
        point,
        system,
        labels.CHANNELS[point.channel],
        from_request=point.value == normal_address(case.person_email),
        by_number=bool(case.person_phone) and not point.found_by and not point.recorded_by_id,
        new=point.since is not None and is_lately(local(point.since), local(case.received_at)),
    )


def _question(row: Verification) -> Question:
    by_link = row.method == Method.EMAIL_LINK
    return Question(
        row,
        labels.DOUBTS[row.doubt_reason],
        labels.STATES[row.state],
        method="" if by_link else labels.METHODS[row.method],
        by_staff=row.method in BY_STAFF,
    )
