"""Situations that the tests of the answer begin with: searched, drafted, in review, released, fetched."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone

from exports.domain.answer import AccessAnswer
from exports.models import Bundle
from exports.services import answer, bundle, collect, decide, deliver, package, register
from exports.services.package import PackageFile
from exports.services.trial import EXAMPLES
from identity.models import User
from requests_app.domain.enums import Outcome, Role
from requests_app.models import Case, DataSubjectRequest, Organisation
from tests import factories

from .house import answer_the_rest, planned, task_of

PDF = b"%PDF-1.7\nnot drawn in this test\nstartxref\n9\n%%EOF"
TABLE = PackageFile("tables/01_x.csv", "text/csv", b"a,b\r\n1,2\r\n", 1, "website", datetime(2026, 12, 1, tzinfo=UTC))


def trial() -> None:
    """Put an example wherever the register is silent, as a trial does."""
    Organisation.objects.update(trial=True)
    register.add_examples(EXAMPLES)


def answer_all(dsr: DataSubjectRequest) -> None:
    """Let the website answer, and say of every other system that is still open that nothing was found."""
    collect.run_task(task_of(dsr).pk)
    answer_the_rest(dsr)


def searched(**changes: object) -> DataSubjectRequest:
    """Return a request of Ingrid whose every system has answered; the register is that of a trial."""
    trial()
    dsr = planned()
    if changes:
        Case.objects.filter(pk=dsr.case_id).update(**changes)
    answer_all(dsr)
    return fresh(dsr)


def drafted(handler: User, outcome: Outcome = Outcome.FULFILLED, **changes: object) -> DataSubjectRequest:
    """Return a request whose outcome `handler` has chosen; there is no package yet."""
    dsr = searched(**changes)
    decide.begin(dsr.pk, actor=handler.as_actor())
    decide.choose(dsr.pk, outcome, "", actor=handler.as_actor())
    return fresh(dsr)


def packed(dsr: DataSubjectRequest, *files: PackageFile) -> Bundle:
    """Keep a package without drawing it: the PDF is a stand-in, everything else is the real thing."""
    given = answer.facts(fresh(dsr))
    composed = answer.compose(given, on=timezone.localdate())
    kept = bundle.keep(dsr.pk, given.sha256, [*stand_ins(composed), *files], drawn_at=timezone.now())
    assert kept is not None
    return kept


def stand_ins(composed: AccessAnswer) -> list[PackageFile]:
    """A letter and a table, small enough to make many of them."""
    return [PackageFile(package.pdf_name(composed.reference, composed.language), "application/pdf", PDF), TABLE]


def in_review(handler: User) -> DataSubjectRequest:
    """Return a request that waits for the second person."""
    dsr = drafted(handler)
    kept = packed(dsr)
    decide.submit(dsr.pk, actor=handler.as_actor(), bundle=kept.uuid)
    return fresh(dsr)


def released(handler: User | None = None, approver: User | None = None) -> DataSubjectRequest:
    """Return a request whose answer is released and announced."""
    dsr = in_review(handler or factories.staff())
    second = approver or factories.staff(Role.APPROVER)
    decide.release(dsr.pk, actor=second.as_actor(), bundle=current(dsr).uuid)
    deliver.announce(dsr.pk)
    return fresh(dsr)


def current(dsr: DataSubjectRequest) -> Bundle:
    """The newest package of a request, as it is now."""
    return Bundle.objects.current().get(dsr=dsr)


def expire(kept: Bundle) -> None:
    """The days of an answer have passed."""
    Bundle.objects.filter(pk=kept.pk).update(expires_at=timezone.now() - timedelta(seconds=1))


def fresh(dsr: DataSubjectRequest) -> DataSubjectRequest:
    """The request as it is now."""
    return DataSubjectRequest.objects.select_related("case").get(pk=dsr.pk)
