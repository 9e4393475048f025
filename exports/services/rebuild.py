"""Asking for the package of an answer: whoever changes what it prints says so here."""

from exports.domain.events import BundleRequested
from exports.models import Bundle
from requests_app import outbox
from requests_app.domain.enums import RequirementKind
from requests_app.models import DataSubjectRequest
from requests_app.services.requirements import put

from . import endings


def request(dsr: DataSubjectRequest) -> None:
    """Owe a (new) package; until it is there the answer cannot be released. Needs a transaction.

    Asking too often is cheap: a package that still says what it should is found again and kept. A request that ends
    without a decision on its matter gets a plain mail and no package.
    """
    if endings.settle(dsr):
        return
    outdated = Bundle.objects.drafts().filter(dsr=dsr).exists()
    put(dsr, RequirementKind.ANSWER, met=False, reason="answer_outdated" if outdated else "answer_not_built")
    outbox.publish(BundleRequested(dsr.pk))
