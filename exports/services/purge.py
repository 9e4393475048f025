"""What is deleted when its purpose is fulfilled (GDPR Art. 5(1)(e)): rows, counts and hashes stay as proof."""

from datetime import datetime, timedelta

from django.db import models, transaction
from django.db.models import Min, Q
from django.utils import timezone

from exports import vault
from exports.domain import corrections as values
from exports.domain.enums import TaskAction
from exports.models import Bundle, Correction, Lifting, SystemTask
from requests_app import audit
from requests_app.domain.snapshot import SYSTEM
from requests_app.keyring import ring
from requests_app.models import DataSubjectRequest
from requests_app.services.rows import lock_request

from . import task_files
from .corrections import PURPOSE

AFTER_FETCHED = timedelta(days=30)
AFTER_RELEASE = timedelta(days=60)
AFTER_CLOSURE = timedelta(days=30)


def sweep(now: datetime | None = None) -> int:
    """Delete everything that is due; return how many packages and searches were emptied. Twice does no harm."""
    now = now or timezone.now()
    packages = [_purge_package(pk, now) for pk in _due_packages(now).values_list("pk", flat=True)]
    copies = [_purge_searches(pk, now) for pk in _due_requests(now).values_list("pk", flat=True)]
    # What somebody wrote about the person goes with the rest of the case.
    Lifting.objects.filter(dsr__case__forgotten_at__isnull=False).exclude(reason="").update(reason="")
    return sum(packages) + sum(copies)


def _due_packages(now: datetime) -> "models.QuerySet[Bundle]":
    """Packages fetched 30 days ago or released 60 days ago, and drafts that a newer one has replaced."""
    with_first = Bundle.objects.filter(purged_at__isnull=True).annotate(first=Min("files__downloads__at"))
    return with_first.filter(
        Q(first__lte=now - AFTER_FETCHED)
        | Q(released_at__lte=now - AFTER_RELEASE)
        | Q(current=False, released_at__isnull=True)
    )


def _due_requests(now: datetime) -> "models.QuerySet[DataSubjectRequest]":
    """Requests closed 30 days ago whose working copies still lie here; a lifting comes later and has its own days."""
    with_files = Q(tasks__result_file__gt="") | Q(tasks__evidence_file__gt="")
    with_files |= Q(corrections__new_value__gt="") | Q(corrections__old_value__gt="")
    due = DataSubjectRequest.objects.filter(with_files, closed_at__lte=now - AFTER_CLOSURE)
    lifted = SystemTask.objects.filter(action=TaskAction.UNRESTRICT.value, done_at__gt=now - AFTER_CLOSURE)
    return due.exclude(pk__in=lifted.values("dsr")).distinct()


def _purge_package(bundle_id: int, now: datetime) -> bool:
    with transaction.atomic():
        lock_request(Bundle.objects.values_list("dsr_id", flat=True).get(pk=bundle_id))
        bundle = _due_packages(now).filter(pk=bundle_id).first()
        if bundle is None:
            return False
        for file in bundle.files.all():  # before the row says so: what a crash leaves undone is found again
            vault.delete(file.stored_as)
        Bundle.objects.filter(pk=bundle.pk).update(purged_at=now)
        audit.record("answer.purged", f"dsr:{bundle.dsr_id}", SYSTEM, bundle=bundle.pk)
        return True


def _purge_searches(dsr_id: int, now: datetime) -> bool:
    with transaction.atomic():
        dsr = lock_request(dsr_id)
        if not _due_requests(now).filter(pk=dsr.pk).exists():
            return False
        kept = SystemTask.objects.filter(Q(result_file__gt="") | Q(evidence_file__gt=""), dsr=dsr).order_by("id")
        for task in kept.select_related("dsr__case"):
            task_files.forget(task)
            SystemTask.objects.filter(pk=task.pk).update(result_file="", evidence_file="")
        for row in Correction.objects.filter(dsr=dsr):
            _forget_values(row)
        audit.record("task.results_purged", f"dsr:{dsr.pk}", SYSTEM)
        return True


def _forget_values(row: Correction) -> None:
    """Empty the values of a correction and seal the key of its row, which may be an address; the hashes stay."""
    sealed = row.record_key and values.seal(
        ring().key(PURPOSE), dsr_id=row.dsr_id, system=row.system, collection=row.collection, field="",
        value=row.record_key,
    )  # fmt: skip
    Correction.objects.filter(pk=row.pk).update(old_value="", new_value="", record_key=sealed)
