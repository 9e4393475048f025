"""The cases of the demo: every right, every stage, and what goes wrong in between. Oldest first."""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from exports.demo.people import PEOPLE
from exports.services import correction_run, corrections, erasure, holdings, registers
from identity.domain.enums import ContactChannel, DoubtReason
from identity.services import contact_points, delivery, verify
from requests_app.domain.enums import Channel, Outcome, Right
from requests_app.domain.grounds import Ground
from requests_app.models import DataSubjectRequest, Inquiry
from requests_app.services import correspondence, holds, intake, notes, receipt, triage, unsubscribe

from . import clock_cases, doing, house, mails
from .doing import Team, form
from .past import days_ago, effects, noon

_CLAIM = "Reklamasjon under behandling."
INGRID, OYVIND, AASE, KAARE, MARJA, FIONA = PEOPLE


def lay(team: Team) -> None:
    """Play everything that happened, day by day: what the house owes by itself is done on every one of them."""
    today = noon()
    for days in range(_STORIES[0][0], -1, -1):
        with days_ago(days, today):
            for play in (play for on, play in _STORIES if on == days):
                play(team)


def sort_two_wishes(team: Team) -> None:
    """Make the one mail with two wishes a case with two requests; every other mail waits."""
    inquiry = Inquiry.objects.get(subject=mails.TWO_WISHES.subject)
    triage.sort_as_request(inquiry.pk, [Right.ACCESS, Right.RECTIFICATION], actor=team.handler.as_actor())
    effects()


def _access_closed(team: Team) -> None:
    dsr = doing.search(form("Márjá Nystø", MARJA.email, Right.ACCESS), team, found_by_hand=True)
    doing.draft(dsr, team, Outcome.FULFILLED)
    doing.release(dsr, team)
    doing.fetch(dsr)


def _access_overdue(team: Team) -> None:
    form("Øyvind Ærøy Håkonsen", OYVIND.email, Right.ACCESS)


def _access_released(team: Team) -> None:
    words = "I would like to know what you hold about my orders since 2023."
    case = form("Fiona Haldane", FIONA.email, Right.ACCESS, language="en", text=words)
    dsr = doing.search(case, team, found_by_hand=True)
    doing.draft(dsr, team, Outcome.FULFILLED)
    doing.release(dsr, team)


def _access_in_review(team: Team) -> None:
    dsr = doing.search(form("Solveig Nygård", "solveig.nygaard@example.com", Right.ACCESS), team, found_by_hand=True)
    doing.draft(dsr, team, Outcome.FULFILLED)
    doing.submit(dsr, team)


def _access_draft(team: Team) -> None:
    dsr = doing.search(form("Jonas Lie-Hansen", "jonas.lie@example.com", Right.ACCESS), team, found_by_hand=True)
    doing.draft(dsr, team, Outcome.FULFILLED)


def _access_without_data(team: Team) -> None:
    dsr = doing.search(form("Tuva Sand", "tuva.sand@example.com", Right.ACCESS), team)
    doing.draft(dsr, team, Outcome.NO_DATA)
    doing.submit(dsr, team)


def _access_question(team: Team) -> None:
    case = form("Marit Sætre", "marit.saetre@example.com", Right.ACCESS, text="Hva vet dere om meg, og hvorfra?")
    outline = "Bestillinger, reklamasjoner og e-poster siden 2016, og påmeldinger til messer i Norge og utlandet."
    question = "Gjelder det også messene i utlandet? Da spør vi kollegene våre i Aberdeen."
    clock_cases.ask(case.dsrs.get(), team, outline, question)
    notes.add_note(case.pk, "Listene fra messen ligger i postkassen.", actor=team.handler.as_actor(), user=team.handler)


def _access_identity(team: Team) -> None:
    case = form("Kåre O'Brien Fløgstad", "kaare@fjellpost.example", Right.ACCESS, phone=KAARE.phone)
    actor = team.handler.as_actor()
    contact_points.record(case, ContactChannel.EMAIL, KAARE.email, "dynamics", timezone.now(), actor=actor)
    delivery.review(case)
    point = case.contact_points.filter(channel=ContactChannel.EMAIL.value).order_by("-id")[0]
    verify.ask(case.pk, DoubtReason.UNKNOWN_ADDRESS, point.pk, actor=actor)


def _access_and_deletion(team: Team) -> None:
    case = form("Per Olav Strand", "per.olav@example.com", Right.ACCESS, Right.ERASURE, text="Kopi først, så sletting.")
    notes.assign(case.pk, team.decision_maker.pk, actor=team.handler.as_actor())
    clock_cases.propose_extension(case.dsrs.get(right=Right.ACCESS.value), team)


def _rectification_entered(team: Team) -> None:
    case = form("Ingrid Solvang", INGRID.email, Right.RECTIFICATION, text="Gateadressen er Brattvågvegen 21.")
    dsr = doing.search(case, team)
    _put(dsr.pk, "street", "Brattvågvegen 21", team)


def _rectification_done(team: Team) -> None:
    case = form("Åse Bjørnstad", AASE.email, Right.RECTIFICATION, text="Fornavnet skrives Aase.")
    dsr = doing.search(case, team)
    _put(dsr.pk, "first_name", "Aase", team)
    correction_run.carry_out(dsr.pk, actor=team.handler.as_actor())
    effects()
    doing.draft(dsr, team, Outcome.FULFILLED)
    doing.release(dsr, team)
    doing.fetch(dsr)


def _deletion_planned(team: Team) -> None:
    doing.search(form("Kåre O'Brien Fløgstad", KAARE.email, Right.ERASURE), team)


def _deletion_waits(team: Team) -> None:
    dsr = doing.search(form("Øyvind Ærøy Håkonsen", OYVIND.email, Right.ERASURE), team)
    erasure.submit(dsr.pk, actor=team.handler.as_actor())


def _deletion_on_hold(team: Team) -> None:
    case = form("Eli Rønning", "eli.ronning@example.com", Right.ERASURE)
    doing.search(case, team, found_by_hand=True)
    until = timezone.localdate() + timedelta(days=90)
    holds.put(case.pk, reason=_CLAIM, review_on=until, actor=team.handler.as_actor())


def _deletion_approved(team: Team) -> None:
    case = form("Márjá Nystø", MARJA.email, Right.ERASURE)
    doing.approve_deletion(doing.search(case, team), team)


def _deletion_done(team: Team) -> None:
    dsr = DataSubjectRequest.objects.get(right=Right.ERASURE.value, case__person_email=MARJA.email)
    doing.delete_by_hand(dsr, team)
    words = "Ordrene dine er bilag i regnskapet vårt, og samtykket må vi kunne dokumentere."
    doing.draft(dsr, team, Outcome.PARTLY_FULFILLED, words, Ground.LEGAL_OBLIGATION, Ground.LEGAL_CLAIMS)
    doing.release(dsr, team)
    doing.tell_recipients(dsr, team)
    doing.fetch(dsr)


def _deletion_refused(team: Team) -> None:
    dsr = doing.search(form("Nils Moen", "nils.moen@example.com", Right.ERASURE), team, found_by_hand=True)
    words = "Du har en sak mot oss i forliksrådet, og vi trenger korrespondansen for å svare i den."
    doing.draft(dsr, team, Outcome.REFUSED, words, Ground.LEGAL_CLAIMS)
    doing.submit(dsr, team)


def _restriction(team: Team) -> None:
    case = form("Live Berge", "live.berge@example.com", Right.RESTRICTION, text="Vent med alt til adressen er rettet.")
    dsr = case.dsrs.get()
    doing.change_by_hand(dsr, team)
    doing.draft(dsr, team, Outcome.FULFILLED)


def _portability(team: Team) -> None:
    case = form("Fiona Haldane", FIONA.email, Right.PORTABILITY, language="en")
    dsr = doing.search(case, team)
    doing.draft(dsr, team, Outcome.FULFILLED)
    doing.submit(dsr, team)


def _objection(team: Team) -> None:
    words = "Jeg vil ikke at dere lager en profil av meg."
    case = form("Bjørn Aas", "bjorn.aas@example.com", Right.OBJECTION, text=words)
    notes.assign(case.pk, team.away.pk, actor=team.handler.as_actor())


def _marketing_objection(team: Team) -> None:
    form("Tone Bakken", "tone.bakken@example.com", Right.MARKETING_OBJECTION)


def _withdrawal_closed(team: Team) -> None:
    dsr = form("Siri Holmen", "siri.holmen@example.com", Right.CONSENT_WITHDRAWAL).dsrs.get()
    doing.change_by_hand(dsr, team)
    doing.tell_recipients(dsr, team)
    doing.keep_by_another_basis(dsr, team, "Kjøpet fra i vår: fakturaen oppbevares etter bokføringsloven.")


def _withdrawal_by_link(team: Team) -> None:
    unsubscribe.stop(unsubscribe.link("ola.dahle@example.com", "nb").rpartition("/")[2])


def _automated_decision(team: Team) -> None:
    person = intake.Person(name="Camilla Ek", phone="+47 100 00 120", email="camilla.ek@example.com")
    words = "Fikk avslag på kredittkjøp på nettet, vil at et menneske ser på det."
    case = doing.taken_down(team, Channel.PHONE, person, Right.AUTOMATED_DECISION, words, days=2)
    answer = "Takk for telefonen. Kredittsjefen ser på søknaden din selv, og du får høre hva hun kommer til."
    actor = team.handler.as_actor()
    correspondence.write_to_person(case.pk, subject="Et menneske ser på saken", body=answer, actor=actor)


def _complaint(team: Team) -> None:
    person = intake.Person(name="Gudrun Fjell", address="Storgata 9, 6002 Ålesund")
    words = "Mener at hun ikke fikk svar i tide i fjor, og vil ha en forklaring."
    dsr = doing.taken_down(team, Channel.LETTER, person, Right.COMPLAINT, words, days=3).dsrs.get()
    earlier, why = dsr.received_at - timedelta(days=2), "Brevet lå to dager i resepsjonen før det ble gitt videre."
    receipt.correct(dsr.pk, earlier, why, actor=team.handler.as_actor(), user=team.handler)
    doing.draft(dsr, team, Outcome.FULFILLED, "Du har rett: Svaret kom åtte dager for sent. Det beklager vi.")


def _visit(team: Team) -> None:
    person = intake.Person(name="Hallvard Ness", email="hallvard.ness@example.com")
    words = "Sluttet hos oss i fjor, og vil vite hva som står i personalmappen hans."
    case = doing.taken_down(team, Channel.IN_PERSON, person, Right.ACCESS, words, days=1)
    registers.add(case.pk, house.EMPLOYEES, team.handler.as_actor())


def _not_sure(team: Team) -> None:
    form("Lars Eide", "lars.eide@example.com", text="Dere ringer meg stadig. Hvor har dere nummeret mitt fra?")


def _put(dsr_id: int, field: str, text: str, team: Team) -> None:
    """Write the right value beside the first wrong one of a field."""
    dsr = DataSubjectRequest.objects.get(pk=dsr_id)
    found = holdings.places(holdings.of_request(dsr))
    place = next(one for one in found if one.value.name == field)
    corrections.enter(dsr.pk, [place.wanted(text)], actor=team.handler.as_actor())


_STORIES: tuple[tuple[int, Callable[[Team], None]], ...] = (
    (75, clock_cases.overdue_asked),
    (45, _access_closed),
    (41, _access_overdue),
    (40, clock_cases.overdue_answered),
    (34, _withdrawal_closed),
    (30, _deletion_approved),
    (29, _deletion_done),
    (28, clock_cases.near_alarm_asked),
    (26, _rectification_done),
    (24, _deletion_refused),
    (24, clock_cases.extended),
    (22, clock_cases.near_alarm_answered),
    (22, clock_cases.extension_approved),
    (20, _access_released),
    (16, house.say_it_in_own_words),
    (15, _portability),
    (13, _access_in_review),
    (12, _access_without_data),
    (12, clock_cases.fee_told),
    (11, _access_draft),
    (9, _access_question),
    (8, _restriction),
    (7, _access_identity),
    (6, _access_and_deletion),
    (6, _deletion_waits),
    (5, _deletion_on_hold),
    (5, clock_cases.overdue_told),
    (4, _deletion_planned),
    (4, _complaint),
    (3, _rectification_entered),
    (3, _objection),
    (2, house.go_away),
    (2, _automated_decision),
    (2, _marketing_objection),
    (1, _withdrawal_by_link),
    (1, _visit),
    (1, clock_cases.fee_proposed),
    (0, _not_sure),
)
