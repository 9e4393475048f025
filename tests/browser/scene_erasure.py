"""Deletions of the scene: from the search to the last system, held, failed, and with nothing to delete."""

from datetime import timedelta

from django.test import override_settings
from django.utils import timezone

from exports.demo.people import INGRID
from exports.domain.enums import Measure, TaskMode, TaskState
from exports.domain.erasure_order import CHANGES
from exports.domain.erasure_rules import Decision
from exports.models import ErasurePlan, SystemTask
from exports.services import erasure, erasure_by_hand, erasure_run, tasks
from exports.services.erasure_by_hand import Answer
from identity.models import User
from requests_app.domain.enums import Right
from requests_app.domain.grounds import Ground
from requests_app.models import Case, DataSubjectRequest
from requests_app.services import holds

from .scene_acts import FOUND, NOTHING, effects, form, manual, website_without

BY_HAND = 4
"""In so many of the systems that people search, something is found."""

_WISH = "Jeg vil at dere sletter alt dere har om meg. Jeg bruker ikke nettsiden lenger.\n\nNyhetsbrevet skal også bort."
_NOTES = {
    TaskState.DONE: "Slettet kortet, søkte på nytt: ingen treff.",
    TaskState.ACCEPTED: "Meldt inn i leverandørens skjema for sletting.",
    TaskState.KEPT: "Fakturaene må vi beholde, for de er bilag i regnskapet.",
}


def lay(hanne: User, astrid: User) -> dict[str, Case]:
    """Play the deletions, and return them by name."""
    found = {
        "erasure_searching": form("Hedda Øien", "hedda.oien@example.com", Right.ERASURE, text=_WISH),
        "erasure_proposed": _searched("Fiona Haldane", "fiona.haldane@example.com", hanne, language="en"),
        "erasure_nothing": _searched("Eskil Brår", "eskil.braar@example.com", hanne, by_hand=0),
        "erasure_submitted": _submitted("Tord Lien", "tord.lien@example.com", hanne),
        "erasure_complained": _complained("Aslak Ness", "aslak.ness@example.com", hanne),
        "erasure_held": _submitted("Sunniva Tveit", "sunniva.tveit@example.com", hanne),
        "erasure_approved": _approved("Sindre Vågen", "sindre.vaagen@example.com", hanne, astrid),
        "erasure_begun": _approved("Kåre O'Brien Fløgstad", "kaare.flogstad@example.com", hanne, astrid),
        "erasure_failed": _approved("Ingrid Solvang", INGRID.email, hanne, astrid),
        "erasure_done": _approved("Márjá Nystø", "marja.nysto@example.com", hanne, astrid),
    }
    _hold(found["erasure_held"], hanne)
    _begin(found["erasure_begun"])
    with website_without("orders"):
        _begin(found["erasure_failed"])
    _begin(found["erasure_done"])
    _by_hand(found["erasure_begun"], hanne, leave=1)
    _by_hand(found["erasure_done"], hanne)
    return found


def _complained(name: str, email: str, hanne: User) -> Case:
    """The same person complains, and nobody has said yet whether that is about the deletion."""
    case = _searched(name, email, hanne)
    form(name, email, Right.COMPLAINT, text="Jeg mener dere har solgt adressen min videre.")
    return case


def _searched(name: str, email: str, hanne: User, *, by_hand: int = BY_HAND, language: str = "nb") -> Case:
    case = form(name, email, Right.ERASURE, text=_WISH, language=language)
    for number, task in enumerate(manual(case)):
        found = number < by_hand
        tasks.complete(
            task.pk,
            state=TaskState.DONE if found else TaskState.NOT_FOUND,
            note=(FOUND if found else NOTHING)[case.language],
            contact=email if found else "",
            actor=hanne.as_actor(),
        )
    effects()
    return case


def _submitted(name: str, email: str, hanne: User, *, language: str = "nb") -> Case:
    """One line of the plan is kept, one made anonymous, one only stored; the rest goes as it was proposed."""
    case = _searched(name, email, hanne, language=language)
    plan, actor = ErasurePlan.objects.get(dsr=case.dsrs.get()), hanne.as_actor()
    plain = [line.pk for line in plan.lines.filter(measure=Measure.DELETE.value, rows=0).order_by("id")]
    in_two_years = (timezone.localtime() + timedelta(days=730)).date()
    for pk, decided in zip(
        plain,
        (
            Decision(Measure.KEEP, Ground.LEGAL_CLAIMS.value, in_two_years, "Det er en sak om reklamasjon på en del."),
            Decision(Measure.ANONYMISE, "", None, "Navn og adresse blir byttet ut med en tilfeldig kode."),
            Decision(Measure.RESTRICT, "", None, "Personen trenger opplysningene i en egen sak."),
        ),
        strict=False,
    ):
        erasure.change(pk, decided, actor=actor)
    for line in plan.lines.all():
        if erasure.gap_of(line):  # a duty for which nobody can compute an end
            kept = Decision(Measure.KEEP, line.ground, in_two_years, "Vi vet ikke når plikten tar slutt.")
            erasure.change(line.pk, kept, actor=actor)
    erasure.submit(plan.dsr_id, actor=actor)
    effects()
    return case


def _approved(name: str, email: str, hanne: User, astrid: User, *, language: str = "nb") -> Case:
    """Approved, with a whole day to take it back although this is a trial."""
    case = _submitted(name, email, hanne, language=language)
    with override_settings(ERASURE_UNDO_IN_TRIAL=timedelta(days=1)):
        erasure.approve(case.dsrs.get().pk, actor=astrid.as_actor())
    effects()
    return case


def _hold(case: Case, hanne: User) -> None:
    in_a_quarter = (timezone.localtime() + timedelta(days=90)).date()
    why = "Personen har varslet et krav om erstatning for en forsinket leveranse."
    holds.put(case.pk, reason=why, review_on=in_a_quarter, actor=hanne.as_actor())


def _begin(case: Case) -> None:
    """The time to take the approval back is over."""
    ErasurePlan.objects.filter(dsr__case=case).update(runs_at=timezone.now())
    erasure_run.begin(case.dsrs.get().pk)
    effects()


def _by_hand(case: Case, hanne: User, *, leave: int = 0) -> None:
    """What people did: one system done, one ordered, one that has to keep it, the others done; the last ones wait."""
    mine = _open(case.dsrs.get())
    for number, task in enumerate(mine[: len(mine) - leave]):
        state = (TaskState.DONE, TaskState.ACCEPTED, TaskState.KEPT)[number] if number < len(_NOTES) else TaskState.DONE
        erasure_by_hand.complete(task.pk, _answer(state), actor=hanne.as_actor())
    effects()


def _open(dsr: DataSubjectRequest) -> list[SystemTask]:
    mine = dsr.tasks.filter(mode=TaskMode.MANUAL.value, action__in=CHANGES, state=TaskState.OPEN.value)
    return list(mine.order_by("id"))


def _answer(state: TaskState) -> Answer:
    kept, day = state is TaskState.KEPT, (timezone.localtime() + timedelta(days=60)).date()
    return Answer(
        state=state,
        note=_NOTES[state],
        looked_again=state is TaskState.DONE,
        finishes_on=day if state is TaskState.ACCEPTED else None,
        duty="bookkeeping" if kept else "",
        newest_on=timezone.localdate() if kept else None,
    )
