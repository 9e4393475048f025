"""Whether a mail comes from the domain of its sender, and which check says so, in plain words."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from requests_app.domain.enums import Channel
from requests_app.mailbox.authenticity import Authenticity, Why
from requests_app.models import Case, Inquiry

VERDICTS: dict[str, Promise] = {
    Authenticity.PASSED: _("Yes. That shows who controls the address, not who writes."),
    Authenticity.FAILED: _("Perhaps not: it may be forged."),
    Authenticity.UNKNOWN: _("Not proven."),
}
# `detail` is a domain, or Microsoft's code of a reason.
REASONS: dict[str, Promise] = {
    Why.NO_SENDER: _("The mail names no sender."),
    Why.SEVERAL_SENDERS: _("The mail names several senders."),
    Why.NO_SERVER: _("No mail server is set whose check is believed."),
    Why.NO_BLOCK: _("Our mail server wrote no check into it."),
    Why.NOT_OUR_HOP: _("The check in it was not written when the mail came in at Microsoft 365."),
    Why.OTHER_FROM: _("The check is about another sender: %(detail)s."),
    Why.DMARC_GOOD: _("DMARC: passed for %(detail)s."),
    Why.DMARC_FAIL: _("DMARC: failed for %(detail)s."),
    Why.DKIM_GOOD: _("DKIM: signed by %(detail)s."),
    Why.DKIM_FOREIGN: _("DKIM: signed by %(detail)s, which is not the sender’s domain."),
    Why.DKIM_FAIL: _("DKIM: the signature of %(detail)s does not fit."),
    Why.SPF_GOOD: _("SPF: the server may send for %(detail)s."),
    Why.SPF_FOREIGN: _("SPF: the server may send for %(detail)s, which is not the sender’s domain."),
    Why.SPF_FAIL: _("SPF: the server may not send for %(detail)s."),
    Why.NOTHING_PROVES: _("No check found anything for or against it."),
    Why.COMPOSITE_GOOD: _("Microsoft 365: the sender is found authentic (reason %(detail)s)."),
    Why.COMPOSITE_GUESS: _(
        "Microsoft 365: only a guess from experience (reason %(detail)s), which counts for nothing."
    ),
    Why.COMPOSITE_FAIL: _("Microsoft 365: the sender is found not authentic (reason %(detail)s)."),
    Why.SIGNED: _("We checked the signature ourselves: it is from %(detail)s."),
    Why.SIGNATURE_BROKEN: _("We checked a signature of %(detail)s ourselves: it does not fit (any more)."),
    Why.SIGNATURE_UNCHECKED: _("The signature of %(detail)s could not be checked again: its key was out of reach."),
}


@dataclass(frozen=True)
class Told:
    """The verdict, and a sentence for each thing it rests on."""

    verdict: Promise
    reasons: list[str]


def told(row: Inquiry | None) -> Told | None:
    """Return what was found of the sender of a mail; None where nothing is known (any more)."""
    found = row.authenticity if row else {}
    if not found:
        return None
    reasons = [
        str(REASONS[one["code"]]) % {"detail": one["detail"] or gettext("a domain that is not named")}
        for one in found["reasons"]
    ]
    return Told(VERDICTS[found["verdict"]], reasons)


def of_case(case: Case) -> Told | None:
    """Return the same of the mail that began a case; None if it began in another way."""
    first = case.inquiries.order_by("received_at", "id").only("channel", "authenticity").first()
    return told(first) if first and first.channel == Channel.MAIL else None
