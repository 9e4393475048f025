"""What the register says about the processing, as an answer prints it (GDPR Art. 15(1)(a)-(h), 15(2))."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.utils.translation import gettext as _

from exports.domain import register as domain
from exports.domain.answer import ActivityInfo, Organisation
from requests_app.domain.snapshot import Reason

from .answer_problems import NotReady
from .pdf_text import long_day


def activities(
    register: domain.Register, ids: Sequence[str], language: str, *, promised: date | None, trial: bool
) -> tuple[ActivityInfo, ...]:
    """Return the activities in the active language, which is `language`.

    With a day `promised` (the override of the decision-maker) an item that the register does not know says that it
    will follow; without one it raises NotReady.
    """
    try:
        texts = domain.art15(register, ids, language, missing_ok=promised is not None, trial=trial)
    except (domain.UnknownValue, domain.ExampleValue):
        raise NotReady(Reason("answer_waits_register")) from None
    return tuple(_activity(text, language, promised) for text in texts)


def sender(register: domain.Register, language: str, *, missing_ok: bool, trial: bool) -> Organisation:
    """Return who answers. Raises NotReady when the register does not say and no override allows it."""
    try:
        said = domain.controller_text(register, language, missing_ok=missing_ok, trial=trial)
    except (domain.UnknownValue, domain.ExampleValue):
        raise NotReady(Reason("answer_waits_register")) from None
    address = [part.strip() for part in said.postal_address.replace("\n", ",").split(",") if part.strip()]
    if said.org_number:
        address.append(_("Organisation number %(number)s") % {"number": said.org_number})
    return Organisation(
        name=said.legal_entity_name or said.name,
        postal_address=tuple(address),
        contact_mail=said.rights_contact,
        dpo_contact=said.dpo,
    )


def _activity(text: domain.ActivityText, language: str, promised: date | None) -> ActivityInfo:
    def lines(fact: domain.Fact) -> tuple[str, ...]:
        return tuple(_capital(line) for line in (*fact.lines, *_after(fact, language, promised)))

    def one(fact: domain.Fact) -> str:
        return _capital(_joined((*fact.lines, *_after(fact, language, promised))))

    return ActivityInfo(
        id=text.activity_id,
        name=text.name,
        purposes=lines(text.purposes),
        categories=lines(text.categories),
        legal_basis=one(text.legal_basis),
        recipients=lines(text.recipients),
        retention=one(text.retention),
        sources=lines(text.sources),
        transfers=one(text.transfers),
        safeguards=one(text.safeguards),
        automated_decisions=one(text.automated),
        rights=(*lines(text.rights)[:1], *text.rights.lines[1:], *_after(text.rights, language, promised)),
    )


def _after(fact: domain.Fact, language: str, promised: date | None) -> Iterable[str]:
    if fact.note:
        yield fact.note
    if fact.missing and promised:
        due_on = long_day(promised, language)
        yield _("We are still missing data about %(what)s. You will have it no later than %(due_on)s.") % {
            "what": fact.missing,
            "due_on": due_on,
        }


def _joined(lines: Sequence[str]) -> str:
    """Put items and sentences into one text: items apart by semicolons, sentences as sentences."""
    text = ""
    for line in lines:
        if not text or text.endswith((".", "!", "?")):
            text = f"{text} {line}".strip()
        else:
            text = f"{text}. {line}" if line.endswith(".") else f"{text}; {line}"
    return text


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
