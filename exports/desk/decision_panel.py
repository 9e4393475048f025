"""The panel of the case page on which an answer is drafted, released and followed to the person."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString

from exports import labels
from exports.models import Bundle, BundleFile
from exports.services import decide, deliver
from identity.services import delivery
from requests_app.domain.enums import Action, Intent, RequirementState, Right, Stage
from requests_app.domain.snapshot import Actor
from requests_app.labels import MESSAGE_STATES, OUTCOMES, REQUIREMENTS, right_label
from requests_app.models import Case, DataSubjectRequest, Decision, Message, Override, Requirement
from requests_app.permissions import Permission, Staff, may, staff
from requests_app.services import clock, lifecycle
from requests_app.services import decision as service

from . import decision_words as words
from .decision_forms import OutcomeForm, SendBackForm

_BEFORE = (Stage.RECEIVED, Stage.TRIAGED)
_AFTER = (Stage.RELEASED, Stage.CLOSED)


@dataclass(frozen=True)
class Held:
    """One thing that must be in place, and what can be done about it."""

    row: Requirement
    label: Promise
    met: bool
    words: str
    override: Override | None
    may_override: bool
    override_from: date | None


@dataclass(frozen=True)
class File:
    """One file of a package, with how often the person has fetched it."""

    file: BundleFile
    label: Promise
    fetched: int
    for_people: bool


@dataclass(frozen=True)
class Delivery:
    """What became of a released answer."""

    bundle: Bundle
    open: bool
    told: Promise | str
    told_at: object


@dataclass(frozen=True)
class Card:
    """One request as the panel shows it to one member of staff."""

    dsr: DataSubjectRequest
    anchor: str
    title: Promise | str
    stage: str
    version: int
    decision: Decision | None
    outcome: Promise | str
    held: list[Held]
    bundle: Bundle | None
    letters: list[File]
    machine_files: list[File]
    code_goes_to: str
    delivery: Delivery | None
    promises: list[Override]
    why_not: dict[str, str]
    outcome_form: OutcomeForm | None
    back_form: SendBackForm | None
    may_decide: bool
    may_release: bool


def decision(request: HttpRequest, case: Case) -> str:
    """Return the panel as HTML; empty before the search has begun."""
    dsrs = [dsr for dsr in case.dsrs.order_by("id") if dsr.stage not in _BEFORE]
    if not dsrs:
        return ""
    user = staff(request)
    cards = [card(dsr, case, user) for dsr in dsrs]
    context = {"cards": cards, "case": case, "downloads": Bundle.MAX_DOWNLOADS}
    return SafeString(render_to_string("exports/desk/decision_panel.html", context, request=request))


def card(dsr: DataSubjectRequest, case: Case, user: Staff) -> Card:
    """Return what the panel shows of one request."""
    dsr.case = case
    row, stage = Decision.objects.select_related("prepared_by", "released_by").filter(dsr=dsr).first(), Stage(dsr.stage)
    bundle = _bundle(dsr, stage)
    drafting, reviewing = stage is Stage.DECISION_DRAFT, stage is Stage.IN_REVIEW
    decides, files = may(user, Permission.DECIDE), _files(bundle) if bundle else []
    return Card(
        dsr=dsr,
        anchor=f"decision-{dsr.pk}",
        title=right_label(dsr.right),
        stage=stage.value,
        version=case.version,
        decision=row,
        outcome=OUTCOMES.get(row.outcome, "") if row else "",
        held=[] if stage in _AFTER or dsr.right != Right.ACCESS else _held(dsr, user),
        bundle=bundle,
        letters=[file for file in files if file.for_people],
        machine_files=[file for file in files if not file.for_people],
        code_goes_to=_code_goes_to(bundle, case) if bundle else "",
        delivery=_delivery(bundle) if stage in _AFTER and bundle and bundle.released_at else None,
        promises=list(dsr.overrides.order_by("promised_on")) if stage in _AFTER else [],
        why_not=_barred(dsr, user.as_actor()),
        outcome_form=OutcomeForm.blank(dsr, row) if drafting and decides else None,
        back_form=SendBackForm(dsr, initial={"version": case.version}) if reviewing else None,
        may_decide=decides,
        may_release=may(user, Permission.RELEASE),
    )


def _files(bundle: Bundle) -> list[File]:
    return [
        File(one.file, labels.package_file(one.file.name), one.fetched, one.for_people)
        for one in deliver.files_of(bundle)
    ]


def _bundle(dsr: DataSubjectRequest, stage: Stage) -> Bundle | None:
    if stage in _AFTER:
        return Bundle.objects.current().filter(dsr=dsr).first()
    return Bundle.objects.drafts().filter(dsr=dsr).first() if stage is not Stage.IN_PROGRESS else None


def _code_goes_to(bundle: Bundle, case: Case) -> str:
    """Where the code goes: after the release as it was released, before it as it would be now."""
    return bundle.delivery_address if bundle.released_at else delivery.address_for(case) or ""


def _held(dsr: DataSubjectRequest, user: Staff) -> list[Held]:
    overrides = {row.kind: row for row in dsr.overrides.select_related("decided_by")}
    begins, today = service.override_from(dsr), clock.calendar().local_date(timezone.now())
    found = []
    for row in dsr.requirements.order_by("id"):
        met = row.state == RequirementState.MET
        since = None if met or row.kind in service.NEVER_OVERRIDDEN else begins
        found.append(
            Held(
                row=row,
                label=REQUIREMENTS[row.kind],
                met=met,
                words="" if met else words.requirement(row, dsr),
                override=None if met else overrides.get(row.kind),
                may_override=since is not None and since <= today and may(user, Permission.OVERRIDE),
                override_from=since if since and since > today else None,
            )
        )
    return found


def _delivery(bundle: Bundle) -> Delivery:
    mail = Message.objects.filter(key=f"answer-ready:{bundle.uuid}", intent=Intent.ANSWER_READY.value).first()
    return Delivery(
        bundle=bundle,
        open=deliver.why_not(bundle) is None,
        told=MESSAGE_STATES[mail.state] if mail else "",
        told_at=mail.sent_at if mail else None,
    )


def _barred(dsr: DataSubjectRequest, actor: Actor) -> dict[str, str]:
    """Why the steps that start here cannot be taken, by action; nothing for one that can."""
    barred = dict(lifecycle.available(dsr, actor))
    if Action.RELEASE in barred:
        barred[Action.RELEASE] = barred[Action.RELEASE] or decide.why_not_release(dsr, actor)
    return {action.value: words.refusal(reason, dsr) if reason else "" for action, reason in barred.items()}
