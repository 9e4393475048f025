"""Answers about own data: three questions from what the systems hold, two right answers, five tries a day.

Expected answers are kept as keyed hashes bound to their case, and go when the verification ends or after 30 days.
Given answers are compared and forgotten: they stand in no row, no log and no audit entry (EDPB 01/2022 paragraph 79).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from identity import selectors
from identity.domain import knowledge as domain
from identity.domain.enums import Level, Method
from identity.domain.knowledge import OwnData
from identity.models import ExpectedAnswer, KnowledgeTry
from requests_app import audit
from requests_app.domain import tokens
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import SYSTEM, Actor, Reason
from requests_app.keyring import ring
from requests_app.models import Case, Organisation
from requests_app.selectors import organisation
from requests_app.services import rows

from . import human_review


@dataclass(frozen=True)
class Tried:
    """How many of the answers were right, and how many more tries there are today."""

    right: int
    tries_left: int

    @property
    def enough(self) -> bool:
        """True when the answers show who it is."""
        return self.right >= domain.ENOUGH


def offer(case: Case, question: OwnData, answers: Collection[str], system: str) -> None:
    """Take down what `system` expects as answers to a question, in place of what it expected before.

    Nothing is kept while the organisation does not want such questions, once a higher level than the link is shown,
    or of what was written in the case or stands in the name or address of the person: others may have read it.
    """
    if not organisation().asks_own_data:
        return
    with transaction.atomic():
        case = rows.lock_case(case.pk)
        if selectors.assurance(case).level > Level.L1:
            return
        forms = {form for answer in answers if (form := domain.plain(question, answer[: domain.LONGEST_ANSWER]))}
        said = _written(case)
        key_id, now = ring().active, timezone.now()
        digests = {
            domain.digest(ring(), key_id, case.pk, question, form)
            for form in forms
            if not any(f" {form} " in text for text in said)
        }
        before = ExpectedAnswer.objects.filter(case=case, question=question.value, system=system)
        known = set(before.values_list("digest", flat=True))
        before.exclude(digest__in=digests).delete()
        ExpectedAnswer.objects.bulk_create(
            ExpectedAnswer(
                case=case, question=question.value, system=system, key_id=key_id, digest=one, offered_at=now
            )
            for one in sorted(digests - known)
        )  # fmt: skip
        if digests and not known:
            audit.record(
                "knowledge.offered", f"case:{case.pk}", SYSTEM, question=question.value, system=system
            )  # fmt: skip


def questions(case: Case) -> tuple[OwnData, ...]:
    """Return the questions to ask, always the same three, or none where the systems hold too little."""
    known = ExpectedAnswer.objects.filter(case=case).values_list("question", flat=True)
    return domain.asked_of({OwnData(code) for code in known})


def why_not(case: Case) -> Reason | None:
    """Return why no answer is looked at now, or None."""
    if not organisation().asks_own_data:
        return Reason("knowledge_off")
    if not questions(case):
        return Reason("knowledge_no_questions")
    until = paused_until(case)
    return Reason("knowledge_pause", {"until": until.isoformat()}) if until else None


def paused_until(case: Case) -> datetime | None:
    """Return until when no answer is looked at, or None: five tries within a day bring a day's pause."""
    newest = KnowledgeTry.objects.filter(case=case).order_by("-tried_at", "-id")
    times = list(newest.values_list("tried_at", flat=True)[: domain.TRIES])
    if len(times) < domain.TRIES or times[0] - times[-1] >= domain.PAUSE:
        return None
    until = times[0] + domain.PAUSE
    return until if until > timezone.now() else None


def check(case_id: int, given: Mapping[OwnData, str], method: Method, *, actor: Actor) -> Tried:
    """Compare answers with what the systems hold. Raises ActionRefused where `why_not` says why.

    The try is counted, and committed, before anything is compared: parallel guesses get no more than five answers.
    """
    with transaction.atomic():
        case = rows.lock_case(case_id)
        if reason := why_not(case):
            raise ActionRefused(reason)
        now = timezone.now()
        KnowledgeTry.objects.create(case=case, method=method.value, tried_at=now)
        left = domain.TRIES - KnowledgeTry.objects.filter(case=case, tried_at__gt=now - domain.PAUSE).count()
    asked = questions(case)
    tried = Tried(sum(_is_right(case, question, given.get(question, "")) for question in asked), max(left, 0))
    if not tried.enough:
        with transaction.atomic():
            case = rows.lock_case(case_id)
            if paused_until(case):
                human_review.ask_for(case, cause="knowledge", key=f"knowledge:{case.pk}:{now.isoformat()}")
            audit.record("knowledge.wrong", f"case:{case.pk}", actor, method=method.value, tries_left=tried.tries_left)
    return tried


def forget_old() -> int:
    """Delete what has been expected for 30 days or of a closed case, and all of it once nobody wants it any more.

    Returns how many rows went.
    """
    before = timezone.now() - domain.KEPT
    over = Q(offered_at__lt=before) | Q(case__closed_at__isnull=False)
    wanted = Organisation.objects.filter(asks_own_data=True).exists()
    expected = ExpectedAnswer.objects.filter(over) if wanted else ExpectedAnswer.objects.all()
    return expected.delete()[0] + KnowledgeTry.objects.filter(tried_at__lt=before).delete()[0]


def _is_right(case: Case, question: OwnData, answer: str) -> bool:
    """Tell whether any system expects this answer. Every expected one is compared, right or not."""
    form, keys = domain.plain(question, answer[: domain.LONGEST_ANSWER]), ring()
    expected = ExpectedAnswer.objects.filter(case=case, question=question.value)
    found = [
        tokens.same(domain.digest(keys, row.key_id, case.pk, question, form), row.digest)
        for row in expected
        if row.key_id in keys.keys
    ]
    return bool(form) and any(found)


def _written(case: Case) -> list[str]:
    """What others may have read: the mails of the case, and the name and addresses in the request, in plain form."""
    texts = [f"{subject} {body}" for subject, body in case.messages.values_list("subject", "body")]
    texts += [case.person_name, case.person_email, case.person_address]
    return [f" {domain.plain(OwnData.CITY, text)} " for text in texts]
