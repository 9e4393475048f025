"""Cases in which the clock has a story of its own: asked, answered, extended, overdue, and what a fee is told for."""

from datetime import timedelta
from decimal import Decimal

from requests_app.domain.enums import ExtensionReason, FeeKind, Right
from requests_app.models import DataSubjectRequest, Extension
from requests_app.services import clarification, clock, correspondence, extension, fee, late, notes, portal_reply

from .doing import Team, form
from .past import effects

_OVERDUE, _NEAR_ALARM, _EXTENDED = "trygve.lien@example.com", "sunniva.hauge@example.com", "rolf.eikeland@example.com"
_TIME_TO_DECIDE = timedelta(days=21)


def ask(dsr: DataSubjectRequest, team: Team, outline: str, text: str) -> None:
    """Take the case, and ask what exactly the person wants to see: the clock stands."""
    actor = team.handler.as_actor()
    notes.assign(dsr.case_id, team.handler.pk, actor=actor)
    question = clarification.Question(outline, text)
    clarification.ask(dsr.pk, question, large=True, actor=actor, key=str(dsr.case.uuid))
    effects()


def propose_extension(dsr: DataSubjectRequest, team: Team) -> Extension:
    """Propose two further months; the decision-maker has to agree."""
    return extension.propose(
        dsr.pk, reasons=[ExtensionReason.VOLUME.value, ExtensionReason.DISPERSED.value],
        explanation="Vi har hatt mye kontakt siden 2016, og e-postene ligger i arkivene til tre avdelinger.",
        what_comes="Opplysningene fra nettstedet og kundesystemet kommer om en måned, e-postene etter det.",
        actor=team.handler.as_actor(),
    )  # fmt: skip


def overdue_asked(team: Team) -> None:
    """Somebody is asked, and does not answer before the alarm: the timetable tells them that we still wait."""
    case = form("Trygve Lien", _OVERDUE, Right.ACCESS, text="Jeg vil se alt dere har om meg.")
    ask(case.dsrs.get(), team, "Ordre, garantisaker og e-poster fra tolv år.", "Er det noe av dette du er ute etter?")


def overdue_answered(team: Team) -> None:
    """They answer: the clock runs again, and then nobody does anything."""
    _answer(_request(_OVERDUE), "Beklager, jeg var til sjøs. Garantisakene er nok.", team)


def overdue_told(team: Team) -> None:
    """They are told that the answer is late, why, and when it comes."""
    late.tell(
        _request(_OVERDUE).pk, cause="Den som hadde saken, byttet avdeling. Nå har en annen tatt den.",
        new_date=clock.today() + timedelta(days=8), actor=team.decision_maker.as_actor(),
    )  # fmt: skip


def near_alarm_asked(team: Team) -> None:
    """Somebody is asked at once …"""
    case = form("Sunniva Hauge", _NEAR_ALARM, Right.ACCESS, text="Hvilke opplysninger har dere om meg?")
    ask(case.dsrs.get(), team, "Ordre og e-poster fra ni år.", "Er du ute etter noe bestemt, eller vil du ha alt?")


def near_alarm_answered(team: Team) -> None:
    """… and answers within a week, for which the due date moves, but not the alarm."""
    _answer(_request(_NEAR_ALARM), "Jeg vil ha alt, takk.", team)


def extended(team: Team) -> None:
    """Somebody wants more than can be found in a month …"""
    text = "Jeg ber om alt dere har om meg siden 2016, også e-poster der navnet mitt står."
    case = form("Rolf Eikeland", _EXTENDED, Right.ACCESS, text=text)
    notes.assign(case.pk, team.handler.pk, actor=team.handler.as_actor())


def extension_approved(team: Team) -> None:
    """… and hears that it takes longer: proposed by one, approved by another, valid once the notice is out."""
    row = propose_extension(_request(_EXTENDED), team)
    extension.approve(row.pk, actor=team.decision_maker.as_actor())
    effects()


def fee_told(team: Team) -> None:
    """Who asks for the same again and again is told what it costs, before anything is charged."""
    row = fee.propose(
        DataSubjectRequest.objects.get(right=Right.PORTABILITY.value).pk, kind=FeeKind.EXCESSIVE, amount=Decimal(350),
        cost_basis="One hour of work on the export, at 350 kroner.",
        reasons="This is the fifth file of the same data since the summer. The first four were free and held the same"
        " orders; nothing has been added to them since the last one.",
        withdraw_by=clock.today() + _TIME_TO_DECIDE, actor=team.handler.as_actor(),
    )  # fmt: skip
    fee.approve(row.pk, actor=team.decision_maker.as_actor())
    effects()


def fee_proposed(team: Team) -> None:
    """A fee for more copies on paper waits for the decision-maker."""
    fee.propose(
        _request("jonas.lie@example.com").pk, kind=FeeKind.FURTHER_COPY, amount=Decimal(240),
        cost_basis="Tre utskrifter på 60 sider, med porto.",
        reasons="Den første kopien er gratis. Du har bedt om tre til på papir.",
        withdraw_by=clock.today() + _TIME_TO_DECIDE, actor=team.handler.as_actor(),
    )  # fmt: skip


def _answer(dsr: DataSubjectRequest, text: str, team: Team) -> None:
    """Write a reply on the status page, and read it: it answers the question."""
    portal_reply.keep(dsr.case_id, text)
    effects()
    reply = clarification.replies(dsr).get()
    clarification.answered_by(dsr.pk, reply.pk, actor=team.handler.as_actor())
    correspondence.mark_read(dsr.case_id, actor=team.handler.as_actor())


def _request(email: str) -> DataSubjectRequest:
    return DataSubjectRequest.objects.get(case__person_email=email)
