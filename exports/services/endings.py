"""How a request ends without a decision on its matter: by a plain mail that holds no personal data, and no package."""

from django.utils import translation

from exports.models import Bundle
from requests_app.domain.enums import Intent, Outcome, RequirementKind
from requests_app.domain.outcomes import ENDINGS
from requests_app.domain.snapshot import Reason
from requests_app.models import DataSubjectRequest, Decision, Message
from requests_app.services import clock, complaint_block, correspondence, decision, unverified, wording
from requests_app.services.correspondence import Words
from requests_app.services.requirements import put
from requests_app.templatetags.ui import long_day

from . import contradictions

_TEMPLATES: dict[Outcome, str] = {
    Outcome.WITHDRAWN_BY_REQUESTER: "exports/mail/ending_withdrawn",
    Outcome.NOT_A_REQUEST: "exports/mail/ending_not_a_request",
    Outcome.DUPLICATE: "exports/mail/ending_duplicate",
    Outcome.CLOSED_UNVERIFIED: "exports/mail/ending_unverified",
}


def of(dsr: DataSubjectRequest) -> Outcome | None:
    """Return the ending that was chosen for a request, or None when it is decided on or nothing is chosen."""
    chosen = Decision.objects.filter(dsr=dsr).exclude(outcome="").values_list("outcome", flat=True).first()
    return Outcome(chosen) if chosen and Outcome(chosen) in ENDINGS else None


def settle(dsr: DataSubjectRequest) -> bool:
    """Retire the package of a request that ends without one, and say whether its mail can go. Needs a transaction.

    It cannot once a system has changed something, be it after the ending was chosen. Return whether the request ends in
    this way; the requirement ANSWER is written then.
    """
    ending = of(dsr)
    if ending is None:
        return False
    Bundle.objects.drafts().filter(dsr=dsr).update(current=False)
    if reason := contradictions.of_request(dsr, ending) or _why_no_complaint(dsr):
        put(dsr, RequirementKind.ANSWER, met=False, reason=reason.code)
        return True
    try:
        words(dsr, ending)
    except wording.Unresolved as error:
        put(dsr, RequirementKind.ANSWER, met=False, reason=f"{error.reason.code}:{error}")
    else:
        put(dsr, RequirementKind.ANSWER, met=True)
    return True


def words(dsr: DataSubjectRequest, ending: Outcome) -> Words:
    """Return the mail that ends a request. Raises `wording.Unresolved`."""
    return correspondence.preview(dsr.case, _TEMPLATES[ending], _context(dsr, ending), secrets={})


def announce(dsr: DataSubjectRequest, ending: Outcome) -> Message:
    """Write the letter that ends a released request, once for each release; it is kept on paper where it is posted."""
    return correspondence.queue(
        dsr.case, Intent.ENDING, _TEMPLATES[ending], _context(dsr, ending), key=key_of(dsr), dsr=dsr,
        on_paper=decision.by_hand(dsr),
    )  # fmt: skip


def key_of(dsr: DataSubjectRequest) -> str:
    """Return the key of the message that ends a released request."""
    released_at = Decision.objects.values_list("released_at", flat=True).get(dsr=dsr)
    return f"ending:{dsr.pk}:{int(released_at.timestamp()) if released_at else 0}"


def _why_no_complaint(dsr: DataSubjectRequest) -> Reason | None:
    """Return why the mail cannot say where to complain, or None."""
    return None if "authority" in complaint_block.context(dsr.case) else Reason("answer_waits_authority")


def _context(dsr: DataSubjectRequest, ending: Outcome) -> dict[str, object]:
    """What the mail says. None fulfils what was asked for, so each tells how to complain (GDPR Art. 12(4))."""
    received_on = clock.calendar().local_date(dsr.received_at)
    context: dict[str, object] = {"received_on": received_on, "by_mail": not decision.by_hand(dsr)}
    context |= complaint_block.context(dsr.case)
    if ending is not Outcome.CLOSED_UNVERIFIED:
        return context
    context["asked_on"] = unverified.asked_on(dsr)
    with translation.override(dsr.case.language):
        context["reminded_on"] = [long_day(day) for day in unverified.reminded_on(dsr)]
    return context
