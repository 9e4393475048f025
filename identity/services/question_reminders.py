"""Reminders of the question who is asking (letter T04): the same two mails as the question, by the same rules.

The address in the request gets the neutral mail, word for word the same whether or not a link went anywhere; the
address on file gets a fresh link, since the first one has run out by then.
"""

from datetime import timedelta

from identity import selectors
from identity.models.user import normal_address
from requests_app import audit
from requests_app.domain.enums import Intent, SuspensionKind
from requests_app.domain.milestones import UNVERIFIED_AFTER
from requests_app.domain.snapshot import SYSTEM
from requests_app.services import correspondence, waiting_reminders
from requests_app.services.waiting import Question

from . import verify

_REQUEST = "identity/mail/identity_reminder"
_LINK = "identity/mail/identity_link_reminder"


def sweep() -> int:
    """Remind of every question that has waited long enough; return of how many."""
    return waiting_reminders.sweep(SuspensionKind.IDENTITY, _remind)


def _remind(asked: Question, key: str) -> None:
    """Write the reminder; nothing while five links went out within a day, or where no mail arrives."""
    case, question = asked.case, selectors.standing(asked.case).waiting
    if question is None or verify.why_not_ask(case):
        return
    context: dict[str, object] = {
        "asked_on": asked.asked_on,
        "until": asked.asked_on + timedelta(days=UNVERIFIED_AFTER),
        "doubt": question.doubt_reason,
    }
    alone = verify.goes_alone(case, question)
    if not alone and waiting_reminders.reaches(case, normal_address(case.person_email)):
        correspondence.queue(case, Intent.WAITING_REMINDER, _REQUEST, context, key=f"{key}:person")
    if waiting_reminders.reaches(case, question.sent_to):
        row = verify.another_link(case, question)
        correspondence.queue(
            case, Intent.WAITING_REMINDER, _LINK, context | {"alone": alone}, key=f"{key}:link", to=row.sent_to,
            secrets={"link": verify.link_secret(row)},
        )  # fmt: skip
        audit.record("identity.link_renewed", f"case:{case.pk}", SYSTEM, verification=row.pk)
