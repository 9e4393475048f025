"""Invented letters of every kind, in both languages, with the words that the templates really say."""

from datetime import date

from django.utils import translation

from exports.domain.letter import Letter, LetterKind, Line, Section
from exports.services import letters, letters_portability
from exports.services.pdf_text import long_day
from requests_app.domain.enums import Outcome, Right
from requests_app.domain.grounds import Ground
from requests_app.ground_labels import cited_in_full

from .answers import AUTHORITY, ORGANISATION

RECEIVED, ANSWERED = date(2026, 5, 12), date(2026, 5, 22)

KINDS: dict[LetterKind, tuple[Right, Outcome]] = {
    LetterKind.RECTIFIED: (Right.RECTIFICATION, Outcome.FULFILLED),
    LetterKind.RESTRICTED: (Right.RESTRICTION, Outcome.FULFILLED),
    LetterKind.PORTABILITY: (Right.PORTABILITY, Outcome.FULFILLED),
    LetterKind.OBJECTION_UPHELD: (Right.OBJECTION, Outcome.FULFILLED),
    LetterKind.HUMAN_REVIEW: (Right.AUTOMATED_DECISION, Outcome.FULFILLED),
    LetterKind.FIRST_PART: (Right.RESTRICTION, Outcome.PARTLY_FULFILLED),
    LetterKind.PARTLY: (Right.ERASURE, Outcome.PARTLY_FULFILLED),
    LetterKind.REFUSED: (Right.ACCESS, Outcome.REFUSED),
    LetterKind.CANNOT_IDENTIFY: (Right.ACCESS, Outcome.REFUSED),
    LetterKind.NO_DATA: (Right.ERASURE, Outcome.NO_DATA),
    LetterKind.DELETED: (Right.ERASURE, Outcome.FULFILLED),
    LetterKind.NOT_CONTROLLER: (Right.ACCESS, Outcome.FORWARDED),
    LetterKind.COMPLAINT: (Right.COMPLAINT, Outcome.FULFILLED),
    LetterKind.CHILD_DELETED: (Right.ERASURE, Outcome.FULFILLED),
}
_REASONED = {
    *(LetterKind.FIRST_PART, LetterKind.PARTLY, LetterKind.REFUSED, LetterKind.CANNOT_IDENTIFY),
    *(LetterKind.NOT_CONTROLLER, LetterKind.COMPLAINT, LetterKind.HUMAN_REVIEW),
}
_CERTIFICATES = (LetterKind.DELETED, LetterKind.CHILD_DELETED)


def a_letter(kind: LetterKind, language: str) -> Letter:
    """Return a letter of this kind with everything that usually stands in it."""
    right, outcome = KINDS[kind]
    with translation.override(language):
        title, *opening = letters.words(kind, language, _context(right, outcome, language))
        return Letter(
            kind=kind,
            language=language,
            organisation=ORGANISATION,
            reference="DR-2026-000418-52",
            right=right,
            outcome=outcome,
            received_on=RECEIVED,
            answered_on=ANSWERED,
            title=title,
            opening=tuple(opening),
            sections=_sections(kind, language),
            recipient_name="Kåre Bjørnstjerne Ødegård",
            recipient_address=("Øvre Slottsgate 14 B", "0157 Oslo"),
            reasoning=_reasoning(language) if kind in _REASONED else "",
            grounds=_grounds(kind),
            signed_by=("Hanna Nilsen", "Arne Berg") if kind in _CERTIFICATES else (),
            complaint=outcome is not Outcome.FULFILLED or kind is LetterKind.COMPLAINT,
            authority=AUTHORITY[language],
        )


def _context(right: Right, outcome: Outcome, language: str) -> dict[str, object]:
    return {
        "right": right.value,
        "outcome": outcome.value,
        "received_on": long_day(RECEIVED, language),
        "done": True,
        "ordered": False,
        "kept": outcome is Outcome.PARTLY_FULFILLED,
        "missing": False,
        "unidentified": False,
        "cookie_page": "https://www.optimar.example/cookies",
        "concerned": "Mikkel",
    }


def _grounds(kind: LetterKind) -> tuple[str, ...]:
    if kind is LetterKind.PARTLY:
        return (cited_in_full(Ground.LEGAL_OBLIGATION),)
    if kind is LetterKind.CANNOT_IDENTIFY:
        return (cited_in_full(Ground.CANNOT_IDENTIFY),)
    return (
        (cited_in_full(Ground.SECTION_16_E), cited_in_full(Ground.RIGHTS_OF_OTHERS))
        if kind is LetterKind.REFUSED
        else ()
    )


def _reasoning(language: str) -> str:
    if language == "nb":
        return "Fakturaene fra 2024 hører til regnskapet.\nVi har vurdert det du skrev, og veid det mot plikten vår."
    return "The invoices of 2024 belong to our accounts.\nWe have weighed what you wrote against our duty."


def _sections(kind: LetterKind, language: str) -> tuple[Section, ...]:
    nb = language == "nb"
    day = long_day(ANSWERED, language)
    if kind is LetterKind.RECTIFIED:
        head = ("Hva", "Før", "Nå", "Hvor", "Når") if nb else ("What", "It was", "It is now", "Where", "When")
        changed = (
            ("E-post", "kare@example.no", "kare.odegard@example.no", "HubSpot", day),
            ("Firma", "Ŋuovžžer AS", "Ŋuovžžer & Šáŧŧen Žirku AS", "Kundeservice", day),
        )
        return (_table("Dette har vi rettet" if nb else "What we have corrected", head, changed),)
    if kind in (*_CERTIFICATES, LetterKind.PARTLY):
        return _deleted(nb, day, kept=kind is LetterKind.PARTLY)
    if kind in (LetterKind.NO_DATA, LetterKind.NOT_CONTROLLER):
        wide = ("System", "Søk", "Når", "Resultat") if nb else ("System", "How we searched", "When", "Result")
        searched = tuple((name, "E-post", day, "–") for name in ("HubSpot", "Dynamics", "Google Analytics"))
        return (_table("Systemer vi har søkt i" if nb else "Systems we searched", wide, searched),)
    if kind in (LetterKind.RESTRICTED, LetterKind.OBJECTION_UPHELD, LetterKind.FIRST_PART):
        columns = ("System", "Status") if nb else ("System", "How it stands")
        rows = (("HubSpot", f"Bare lagret, siden {day}" if nb else f"Only stored, since {day}"),)
        return (_table("System for system" if nb else "System by system", columns, rows),)
    return letters_portability.sections(None, language) if kind is LetterKind.PORTABILITY else ()  # type: ignore[arg-type]


def _deleted(nb: bool, day: str, *, kept: bool) -> tuple[Section, ...]:
    head = (
        ("System", "Bruk av opplysninger", "Hva vi gjorde", "Når", "Hvordan", "Rader")
        if nb
        else ("System", "Use of data", "What we did", "When", "How", "Rows")
    )
    how = "Automatisk, bekreftet med et nytt oppslag" if nb else "Automatically, proved by a second look-up"
    use = "Markedsføring på e-post" if nb else "E-mail marketing"
    rows = tuple((name, use, "Slettet" if nb else "Deleted", day, how, "42") for name in ("HubSpot", "Nettsiden"))
    gone = _table("Dette har vi slettet" if nb else "What we have deleted", head, rows)
    if not kept:
        return (gone, Section("Sikkerhetskopier" if nb else "Backups", ("Kopiene utløper.",)))
    columns = ("System", "Bruk", "Hvorfor", "Til") if nb else ("System", "Use of data", "Why", "Until")
    stays = (("Fakturasystemet", "Regnskap", cited_in_full(Ground.LEGAL_OBLIGATION), "31.12.2029"),)
    return (gone, _table("Dette beholder vi" if nb else "What we keep", columns, stays))


def _table(heading: str, columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> Section:
    return Section(heading, (), columns, tuple(Line(row) for row in rows))
