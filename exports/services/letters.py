"""The answer to any other right than access as a letter, and a refusal of any right, put together from facts.

As with `answer`, in two steps: `facts` is cheap and done again under a lock to see whether anything changed;
`compose` adds the day that stands on the letter. The words of each kind lie in `templates/exports/letters`, one file
per language: the first paragraph is the title, the others answer in full sentences. What a right has to show in
tables is the subject of a module of its own (`letters_erasure` and its sisters).
"""

import hashlib
import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date

from django.utils import translation
from django.utils.translation import gettext as _

from exports import vault
from exports.domain.answer import MissingPart, SearchOutcome
from exports.domain.letter import Letter, LetterKind, Section
from exports.models import ErasurePlan
from requests_app import selectors
from requests_app.domain.enums import Outcome, Requester, RequirementKind, Right
from requests_app.domain.grounds import Ground
from requests_app.domain.letters import BY_TEMPLATE as CATALOGUE
from requests_app.domain.outcomes import NEEDS_GROUND, NEEDS_WORDS, NOTHING_CHANGES, needs_ground
from requests_app.domain.snapshot import Reason
from requests_app.ground_labels import cited_in_full
from requests_app.models import Case, DataSubjectRequest, Decision
from requests_app.services import clock, complaint_block, wording
from requests_app.templatetags.ui import localised

from . import (
    answer_systems,
    contradictions,
    letters_erasure,
    letters_portability,
    letters_rectification,
    letters_restriction,
    letters_searches,
    letters_sender,
    subject,
)
from .answer_problems import NotReady
from .answer_systems import Search
from .pdf_text import long_day

FOLDER = "exports/letters"
_CERTIFIED = (Outcome.FULFILLED, Outcome.PARTLY_FULFILLED)

_FULFILLED: dict[Right, LetterKind] = {
    Right.RECTIFICATION: LetterKind.RECTIFIED,
    Right.ERASURE: LetterKind.DELETED,
    Right.RESTRICTION: LetterKind.RESTRICTED,
    Right.PORTABILITY: LetterKind.PORTABILITY,
    Right.OBJECTION: LetterKind.OBJECTION_UPHELD,
    Right.AUTOMATED_DECISION: LetterKind.HUMAN_REVIEW,
}
_NOTHING_HERE: dict[Outcome, LetterKind] = {
    Outcome.NO_DATA: LetterKind.NO_DATA,
    Outcome.FORWARDED: LetterKind.NOT_CONTROLLER,
}
_TEMPLATES: dict[LetterKind, str] = {
    LetterKind.RECTIFIED: "rectified",
    LetterKind.RESTRICTED: "restricted",
    LetterKind.PORTABILITY: "portability",
    LetterKind.OBJECTION_UPHELD: "objection_upheld",
    LetterKind.HUMAN_REVIEW: "human_review",
    LetterKind.FIRST_PART: "first_part",
    LetterKind.PARTLY: "partly",
    LetterKind.REFUSED: "refused",
    LetterKind.CANNOT_IDENTIFY: "cannot_identify",
    LetterKind.NO_DATA: "no_data",
    LetterKind.DELETED: "deleted",
    LetterKind.NOT_CONTROLLER: "not_controller",
    LetterKind.COMPLAINT: "complaint",
    LetterKind.CHILD_DELETED: "child_deleted",
}
_SECTIONS: dict[Right, Callable[[DataSubjectRequest, str], tuple[Section, ...]]] = {
    Right.RECTIFICATION: letters_rectification.sections,
    Right.ERASURE: letters_erasure.sections,
    Right.RESTRICTION: letters_restriction.sections,
    Right.OBJECTION: letters_restriction.sections,
    Right.PORTABILITY: letters_portability.sections,
}

_STANDING: dict[Right, Callable[[DataSubjectRequest], dict[str, object]]] = {
    Right.RECTIFICATION: letters_rectification.standing,
    Right.ERASURE: letters_erasure.standing,
    Right.RESTRICTION: letters_restriction.standing,
    Right.OBJECTION: letters_restriction.standing,
}

# What a person found out when looking again stands in the reasoning; such a letter says nothing without it.
NEEDS_FINDINGS: frozenset[Right] = frozenset({Right.AUTOMATED_DECISION, Right.COMPLAINT})
_REASONED = NEEDS_FINDINGS | {Right.OBJECTION}


@dataclass(frozen=True, slots=True)
class Facts:
    """The letter, dated on the day of receipt whatever its own day will be, and the searches that belong to it.

    Only portability has any: its data lies encrypted in files that they name by hash. `text_version` is that of the
    organisation's own text, 0 for the text as delivered.
    """

    letter: Letter
    searches: tuple[Search, ...]
    binding: str
    text_version: int = 0

    @property
    def sha256(self) -> str:
        """The hash over all of it as canonical JSON; other facts, another hash."""
        plain = {"letter": asdict(self.letter), "searches": [asdict(search) for search in self.searches]}
        text = json.dumps(plain, sort_keys=True, separators=(",", ":"), default=_plain)
        return hashlib.sha256(text.encode()).hexdigest()


def kind_of(
    right: Right,
    outcome: Outcome,
    *,
    grounds: Collection[Ground] = (),
    follows: bool = False,
    requester: Requester = Requester.SELF,
) -> LetterKind:
    """Return which letter answers a right with this outcome. Raises KeyError for what no letter answers.

    `follows`: a part was left for later. Whom nobody can identify reads how to be found (Art. 11(2)) instead of a bare
    refusal, and a parent reads of the child.
    """
    if right is Right.COMPLAINT:
        return LetterKind.COMPLAINT
    if outcome is Outcome.REFUSED:
        return LetterKind.CANNOT_IDENTIFY if set(grounds) == {Ground.CANNOT_IDENTIFY} else LetterKind.REFUSED
    if outcome in _NOTHING_HERE:
        return _NOTHING_HERE[outcome]
    if outcome is Outcome.PARTLY_FULFILLED:
        return LetterKind.FIRST_PART if follows and not grounds else LetterKind.PARTLY
    if right is Right.ERASURE and requester is Requester.GUARDIAN:
        return LetterKind.CHILD_DELETED
    return _FULFILLED[right]


def facts(dsr: DataSubjectRequest) -> Facts:
    """Collect what the letter says; raises NotReady with what it still waits for."""
    decision = Decision.objects.get(dsr=dsr)
    right, outcome = Right(dsr.right), Outcome(decision.outcome)
    if reason := contradictions.of_request(dsr, outcome):
        raise NotReady(reason)
    overrides = contradictions.needed_overrides(dsr)
    searches = _searches(dsr, outcome, silent_ok=any(row.kind == RequirementKind.SYSTEMS for row in overrides))
    with translation.override(dsr.case.language):
        follows = () if outcome is Outcome.REFUSED else overrides  # whoever is refused waits for nothing more
        missing = tuple(dict.fromkeys(MissingPart(row.missing, row.promised_on) for row in follows))
        kind = kind_of(
            right,
            outcome,
            grounds=[Ground(code) for code in decision.grounds],
            follows=bool(missing),
            requester=Requester(dsr.case.requester),
        )
        letter = _letter(dsr, decision, kind, missing)
    check(letter)
    written_from = wording.source(CATALOGUE[f"{FOLDER}/{_TEMPLATES[letter.kind]}"], letter.language)
    return Facts(letter, searches, vault.binding_of(dsr.case), written_from.version)


def compose(given: Facts, *, on: date) -> Letter:
    """Return the letter, dated `on`. Raises NotReady for one that may not be sent."""
    check(given.letter)
    return replace(given.letter, answered_on=on)


def check(letter: Letter) -> None:
    """Raise NotReady for a letter without the ground, the reasons or the complaint block that it must carry."""
    if (letter.outcome in NEEDS_WORDS or letter.right in NEEDS_FINDINGS) and not letter.reasoning.strip():
        raise NotReady(Reason("reasoning_missing"))
    if not letter.complaint and (letter.outcome is not Outcome.FULFILLED or letter.right is Right.COMPLAINT):
        raise NotReady(Reason("letter_complaint_missing"))
    follows = letter.outcome is Outcome.PARTLY_FULFILLED and bool(letter.missing)
    if needs_ground(letter.right, letter.outcome) and not follows and not letter.grounds:
        raise NotReady(Reason("ground_missing"))


def _letter(dsr: DataSubjectRequest, decision: Decision, kind: LetterKind, missing: tuple[MissingPart, ...]) -> Letter:
    case, organisation = dsr.case, selectors.organisation()
    right, outcome = Right(dsr.right), Outcome(decision.outcome)
    received_on = clock.calendar().local_date(dsr.received_at)
    sender = letters_sender.sender(case.language)
    title, *opening = words(
        kind,
        case.language,
        {
            "right": right.value,
            "outcome": outcome.value,
            "received_on": long_day(received_on, case.language),
            "organisation": sender.name,
            "contact": sender.contact_mail,
            "reference": case.reference,
            "missing": bool(missing),
            "unidentified": dsr.tasks.filter(cannot_identify=True).exists(),
            "cookie_page": localised(organisation.cookie_page),
            "concerned": subject.concerned(case),
        }
        | (_STANDING[right](dsr) if right in _STANDING else {}),
    )
    reasoned = outcome in NEEDS_WORDS or right in _REASONED
    return Letter(
        kind=kind,
        language=case.language,
        organisation=sender,
        reference=case.reference,
        right=right,
        outcome=outcome,
        received_on=received_on,
        answered_on=received_on,
        title=title,
        opening=(*(() if kind is LetterKind.CHILD_DELETED else _about(case)), *opening),
        sections=_sections(dsr, kind, right),
        recipient_name=case.person_name,
        recipient_address=letters_sender.address(dsr.case, decision),
        reasoning=decision.reasoning if reasoned else "",
        grounds=_grounds(decision, right) if outcome in NEEDS_GROUND else (),
        missing=missing,
        signed_by=_signed_by(dsr) if right is Right.ERASURE and outcome in _CERTIFIED else (),
        complaint=outcome is not Outcome.FULFILLED or kind is LetterKind.COMPLAINT,
        authority=letters_sender.authority(),
        outside_norway=complaint_block.outside_norway(case),
        trial=organisation.trial,
        time_zone=organisation.time_zone,
    )


def _grounds(decision: Decision, right: Right) -> tuple[str, ...]:
    return tuple(cited_in_full(Ground(code), right) for code in decision.grounds)


def _about(case: Case) -> tuple[str, ...]:
    """Whom the letter is about, where it goes to somebody who writes for another person."""
    name = subject.concerned(case)
    if not name:
        return ()
    said = _("This letter is about %(name)s, for whom you write.")
    means = _("Where it says “about you” or “your data”, it means %(name)s.")
    return (f"{said} {means}" % {"name": name},)


def words(kind: LetterKind, language: str, context: Mapping[str, object]) -> list[str]:
    """Return the paragraphs of a letter, the title first. Raises NotReady when its template cannot be filled in."""
    try:
        text = wording.write(f"{FOLDER}/{_TEMPLATES[kind]}", language, context).body
    except wording.Unresolved as error:
        raise NotReady(error.reason) from None
    return [" ".join(paragraph.split()) for paragraph in text.split("\n\n") if paragraph.strip()]


def _sections(dsr: DataSubjectRequest, kind: LetterKind, right: Right) -> tuple[Section, ...]:
    if kind in _NOTHING_HERE.values():
        return letters_searches.sections(dsr)
    if kind in (LetterKind.REFUSED, LetterKind.CANNOT_IDENTIFY) or right not in _SECTIONS:
        return ()
    return _SECTIONS[right](dsr, dsr.case.language)


def _searches(dsr: DataSubjectRequest, outcome: Outcome, *, silent_ok: bool) -> tuple[Search, ...]:
    if Right(dsr.right) is not Right.PORTABILITY or outcome in NOTHING_CHANGES:
        return ()
    found = answer_systems.searches(
        letters_searches.read_tasks(dsr), letters_portability.activities(dsr.case), subject.identifiers(dsr.case)
    )
    if not silent_ok and any(search.outcome is SearchOutcome.STILL_MISSING for search in found):
        raise NotReady(Reason("answer_waits_systems"))
    return found


def _signed_by(dsr: DataSubjectRequest) -> tuple[str, ...]:
    """Who stands behind a certificate of deletion: the two of its plan, and of those before it; each once."""
    plans = ErasurePlan.objects.select_related("prepared_by", "approved_by").filter(dsr=dsr).order_by("id")
    users = [user for plan in plans for user in (plan.prepared_by, plan.approved_by) if user]
    return tuple(dict.fromkeys(user.name for user in users))


def _plain(value: object) -> object:
    if isinstance(value, date):  # a datetime is a date
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no fact")
