"""Rectifications of the scene: nothing entered yet, some done, one that a system could not make."""

from exports.demo.people import INGRID
from exports.domain.enums import TaskAction, TaskState
from exports.models import SystemTask
from exports.services import correction_run, corrections, holdings, tasks
from exports.services.holdings import Place
from identity.models import User
from requests_app.domain.enums import Right
from requests_app.models import Case

from .scene_acts import answer_by_hand, effects, form, manual, website_without

_FAULT = "Navnet mitt er feil skrevet, og telefonnummeret er gammelt."


def lay(hanne: User) -> dict[str, Case]:
    """Play the rectifications, and return them by name."""
    return {
        "uncorrected": _searched("Kåre O'Brien Fløgstad", "kaare.flogstad@example.com", hanne),
        "nothing_held": _searched("Bjarte Vikøren", "bjarte.vikoren@example.com", hanne, found=False),
        "rectified": _half_done(hanne),
        "correction_failed": _failed(hanne),
    }


def _searched(name: str, email: str, hanne: User, *, found: bool = True) -> Case:
    """Every system has been searched; `found`: somebody found something by hand."""
    case = form(name, email, Right.RECTIFICATION, text=_FAULT)
    answer_by_hand(case, hanne, *manual(case)[: None if found else -1])
    if not found:
        tasks.complete(manual(case)[-1].pk, state=TaskState.NOT_FOUND, note="", actor=hanne.as_actor())
    effects()
    return case


def _half_done(hanne: User) -> Case:
    """Two systems are corrected, one of them is done; an address waits for the person."""
    case = _searched("Ingrid Solvang", INGRID.email, hanne)
    dsr, actor = case.dsrs.get(), hanne.as_actor()
    system = manual(case)[-1].system
    corrections.enter_by_hand(dsr.pk, system, "Stilling", "Innkjøper", "Innkjøpssjef", actor=actor)
    correction_run.carry_out(dsr.pk, actor=actor)
    done = SystemTask.objects.get(dsr=dsr, system=system, action=TaskAction.RECTIFY.value)
    tasks.complete(done.pk, state=TaskState.DONE, note="Søkte på nytt, nå står det Innkjøpssjef.", actor=actor)
    corrections.enter(dsr.pk, [_place(case, "last_name").wanted("Solvang Berg")], actor=actor)
    correction_run.carry_out(dsr.pk, actor=actor)
    effects()
    corrections.enter(dsr.pk, [_place(case, "email").wanted("ingrid.berg@example.com")], actor=actor)
    effects()
    return case


def _failed(hanne: User) -> Case:
    """The website is another than the one described, so it cannot be corrected; a colleague has not begun."""
    case = _searched("Åse Bjørnstad", "aase.bjornstad@example.com", hanne)
    place = _place(case, "last_name")
    corrections.enter(case.dsrs.get().pk, [place.wanted("Bjørnstad Vik")], actor=hanne.as_actor())
    corrections.enter_by_hand(
        case.dsrs.get().pk, manual(case)[-1].system, "Stilling", "Innkjøper", "Innkjøpssjef", actor=hanne.as_actor()
    )
    with website_without(place.record.collection):
        correction_run.carry_out(case.dsrs.get().pk, actor=hanne.as_actor())
        effects()
    return case


def _place(case: Case, name: str) -> Place:
    """Where a field of the account stands."""
    found = holdings.places(holdings.of_request(case.dsrs.get()))
    return next(place for place in found if place.value.name == name and place.record.collection == "accounts")
