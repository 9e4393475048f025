"""The panel of the case page on which an answer is drafted, released and followed to the person."""

from dataclasses import dataclass
from datetime import date, datetime

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString

from exports import labels
from exports.models import Bundle, BundleFile
from exports.services import by_hand, decide, deliver, endings, second_look
from identity.services import delivery
from requests_app.desk import kept_letter
from requests_app.desk.advice import Box, box
from requests_app.desk.marketing import why_held
from requests_app.domain.enums import (
    Action,
    AdviceSubject,
    DeliveryWay,
    Intent,
    RequirementKind,
    RequirementState,
    Right,
    Stage,
)
from requests_app.domain.grounds import Ground
from requests_app.domain.outcomes import AT_ONCE, ENDINGS, NEEDS_GROUND
from requests_app.domain.snapshot import Actor
from requests_app.ground_labels import cited
from requests_app.labels import DELIVERY_WAYS, MESSAGE_STATES, OUTCOMES, REQUIREMENTS, right_label
from requests_app.models import Case, DataSubjectRequest, Decision, Message, Override, Requirement
from requests_app.permissions import Permission, Staff, may, staff
from requests_app.reasons import sentence
from requests_app.services import at_once, clock, lifecycle, wording
from requests_app.services import decision as service
from requests_app.services.correspondence import Words

from . import case_registers, disputed
from . import decision_words as words
from .by_hand_forms import DeliveredForm, ToldForm, WayForm
from .decision_forms import OutcomeForm, ReleaseAloneForm, SendBackForm

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
    registers: list[tuple[str, str]]


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

    by_hand: bool
    told: Promise | str
    told_at: object
    open: bool
    fetchable: bool


@dataclass(frozen=True)
class Card:
    """One request as the panel shows it to one member of staff.

    `refuse_by`: while a refusal, also of a part, is drafted or possible, the last day by law on which the person hears
    of it; `refuse_late` when that day is over, which bars nothing: a late answer is better than none.
    """

    dsr: DataSubjectRequest
    anchor: str
    title: Promise | str
    stage: str
    version: int
    decision: Decision | None
    outcome: Promise | str
    grounds: list[str]
    held: list[Held]
    disputed: list[disputed.Disputed]
    at_once: bool
    needs_package: bool
    announced: Words | None
    announcement_problem: str
    ending_pdf: str
    way: Promise | str
    post_by: date | None
    bundle: Bundle | None
    letters: list[File]
    machine_files: list[File]
    code_goes_to: str
    delivery: Delivery | None
    promises: list[Override]
    why_not: dict[str, str]
    outcome_form: OutcomeForm | None
    way_form: WayForm | None
    delivered_form: DeliveredForm | None
    told_form: ToldForm | None
    held_back: str
    may_tell: bool
    told_on: datetime | None
    back_form: SendBackForm | None
    alone_form: ReleaseAloneForm | None
    own_matter: str
    advice: Box | None
    refuse_by: date | None
    refuse_late: bool
    may_decide: bool
    may_release: bool

    @property
    def waits(self) -> bool:
        """Whether something that must be in place is not yet."""
        return any(not one.met and one.override is None for one in self.held)


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
    barred = second_look.why_not_prepare(dsr, user.as_actor()) if drafting and decides else None
    alone = second_look.allows_alone(barred)
    refuse_by = _refuse_by(dsr, row) if drafting or reviewing else None
    announced, problem = _announced(dsr, row) if drafting or reviewing else (None, "")
    unsaid, letter = (at_once.why_not_told(dsr), at_once.last_told(dsr)) if at_once.waits(dsr) else (None, None)
    return Card(
        dsr=dsr,
        anchor=f"decision-{dsr.pk}",
        title=right_label(dsr.right),
        stage=stage.value,
        version=case.version,
        decision=row,
        outcome=OUTCOMES.get(row.outcome, "") if row else "",
        grounds=[cited(Ground(code), Right(dsr.right)) for code in row.grounds] if row else [],
        held=[] if stage in _AFTER or dsr.right in AT_ONCE or _ends(row) else _held(dsr, user),
        disputed=[] if stage in _AFTER or _ends(row) else disputed.of(dsr),
        at_once=dsr.right in AT_ONCE,
        needs_package=not _ends(row),
        announced=announced,
        announcement_problem=problem,
        ending_pdf=kept_letter.pdf(case, endings.key_of(dsr)) if stage is Stage.RELEASED and _ends(row) else "",
        way=DELIVERY_WAYS[row.delivery_way] if row and row.delivery_way else "",
        post_by=by_hand.post_by(dsr) if row and row.delivery_way == DeliveryWay.POST else None,
        bundle=bundle,
        letters=[file for file in files if file.for_people],
        machine_files=[file for file in files if not file.for_people],
        code_goes_to=_code_goes_to(bundle, case) if bundle else "",
        delivery=_delivery(dsr, row, bundle) if stage in _AFTER else None,
        promises=list(dsr.overrides.order_by("promised_on")) if stage in _AFTER else [],
        why_not=_barred(dsr, user.as_actor()),
        outcome_form=(
            OutcomeForm.blank(dsr, row, alone=alone) if drafting and decides and (barred is None or alone) else None
        ),
        way_form=WayForm.blank(dsr, row) if row and decides and (drafting or reviewing) else None,
        delivered_form=_delivered_form(dsr, row) if decides else None,
        told_form=ToldForm(dsr, initial=_today(dsr)) if decides and by_hand.awaits_word(dsr) else None,
        held_back=why_held(dsr) if at_once.waits(dsr) else "",
        may_tell=decides and at_once.waits(dsr) and (unsaid is None or unsaid.code == "confirmation_told"),
        told_on=letter.created_at if letter and unsaid and unsaid.code == "confirmation_told" else None,
        back_form=SendBackForm(dsr, initial={"version": case.version}) if reviewing else None,
        alone_form=ReleaseAloneForm(dsr) if reviewing and _releases_alone(dsr, user) else None,
        own_matter=sentence(barred) if barred else "",
        advice=box(dsr, AdviceSubject.REFUSAL, user) if (drafting or reviewing) and _refuses(row) else None,
        refuse_by=refuse_by,
        refuse_late=refuse_by is not None and refuse_by < clock.today(),
        may_decide=decides,
        may_release=may(user, Permission.RELEASE),
    )


def _releases_alone(dsr: DataSubjectRequest, user: Staff) -> bool:
    """Whether this person releases the answer to a complaint about what they handled, because nobody else can."""
    return second_look.allows_alone(second_look.why_not_release(dsr, user.as_actor()))


def _refuses(row: Decision | None) -> bool:
    """Whether the draft leaves something out, on which the data protection officer may have advised."""
    return row is not None and row.outcome in NEEDS_GROUND


def _refuse_by(dsr: DataSubjectRequest, row: Decision | None) -> date | None:
    """The last day for a refusal with its reasons (Art. 12(4)), which no question and no notice of extension moves."""
    undecided = row is None or not row.outcome
    return clock.latest_notice(dsr) if dsr.right != Right.COMPLAINT and (undecided or _refuses(row)) else None


def _ends(row: Decision | None) -> bool:
    """Whether the request ends without a decision on its matter: then nothing but the mail has to be in place."""
    return row is not None and row.outcome in ENDINGS


def _announced(dsr: DataSubjectRequest, row: Decision | None) -> tuple[Words | None, str]:
    """The mail that will tell the person, or why it cannot be written."""
    if row is None or not row.outcome:
        return None, ""
    try:
        return deliver.announcement(dsr), ""
    except wording.Unresolved as error:
        return None, words.refusal(error.reason, dsr)


def _delivered_form(dsr: DataSubjectRequest, row: Decision | None) -> DeliveredForm | None:
    """The form for the day, while the answer waits to be posted or handed over."""
    waits = row is not None and row.delivery_way and row.delivered_on is None and dsr.stage == Stage.RELEASED
    return DeliveredForm(dsr, initial=_today(dsr)) if waits else None


def _today(dsr: DataSubjectRequest) -> dict[str, object]:
    return {"on": clock.calendar().local_date(timezone.now()), "version": dsr.case.version}


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
                registers=case_registers.of_case(dsr.case) if row.kind == RequirementKind.REGISTER and not met else [],
            )
        )
    return found


def _delivery(dsr: DataSubjectRequest, row: Decision | None, bundle: Bundle | None) -> Delivery | None:
    """What became of a released answer; None where there was nothing to release."""
    if row is None or row.released_at is None:
        return None
    if row.delivery_way:
        return Delivery(by_hand=True, told="", told_at=row.delivered_on, open=False, fetchable=False)
    mails = Message.objects.filter(dsr=dsr, intent__in=[Intent.ANSWER_READY.value, Intent.ENDING.value])
    key = f"answer-ready:{bundle.uuid}" if bundle else ""
    mail = mails.filter(key=key).first() if bundle else mails.order_by("-id").first()
    return Delivery(
        by_hand=False,
        told=MESSAGE_STATES[mail.state] if mail else "",
        told_at=mail.sent_at if mail else None,
        open=bundle is not None and deliver.why_not(bundle) is None,
        fetchable=bundle is not None and bundle.released_at is not None,
    )


def _barred(dsr: DataSubjectRequest, actor: Actor) -> dict[str, str]:
    """Why the steps that start here cannot be taken, by action; nothing for one that can."""
    barred = dict(lifecycle.available(dsr, actor))
    if Action.RELEASE in barred:
        own = second_look.why_not_release(dsr, actor)
        own = None if second_look.allows_alone(own) else own
        barred[Action.RELEASE] = barred[Action.RELEASE] or decide.why_not_release(dsr, actor) or own
    return {action.value: words.refusal(reason, dsr) if reason else "" for action, reason in barred.items()}
