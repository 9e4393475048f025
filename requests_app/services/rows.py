"""Row locks, taken in one order everywhere, so that two services never wait for each other.

The order: the serial of the year, cases (by number), requests, everything else, the head of the audit chain.
Whoever writes about a case locks it here first; the first `audit.record` comes after the last lock. A lock leaves
foreign keys alone (`no_key`): their checks run at commit, when the head is held, and must not wait for anybody.
"""

from collections.abc import Iterable
from datetime import datetime

from requests_app.models import Case, CaseSerial, DataSubjectRequest
from requests_app.models.dsr import DataSubjectRequestQuerySet

from . import clock


def lock_serial(received_at: datetime) -> CaseSerial:
    """Return the serial of the year in which an inquiry reached us, locked. Needs a transaction."""
    year = clock.calendar().local_date(received_at).year
    CaseSerial.objects.get_or_create(year=year)
    return CaseSerial.objects.select_for_update(no_key=True).get(year=year)


def lock_case(case_id: int) -> Case:
    """Return a case, locked. Needs a transaction."""
    return Case.objects.select_for_update(of=("self",), no_key=True).get(pk=case_id)


def lock_cases(case_ids: Iterable[int]) -> list[Case]:
    """Return cases, locked by number; those that do not exist are left out. Needs a transaction."""
    rows = Case.objects.select_for_update(of=("self",), no_key=True)
    return list(rows.filter(pk__in=list(case_ids)).order_by("pk"))


def lock_request(dsr_id: int) -> DataSubjectRequest:
    """Return a request, locked after its case. Needs a transaction."""
    case = lock_case(DataSubjectRequest.objects.values_list("case_id", flat=True).get(pk=dsr_id))
    dsr = DataSubjectRequest.objects.select_for_update(of=("self",), no_key=True).get(pk=dsr_id)
    dsr.case = case
    return dsr


def lock_requests_alike(dsr_id: int) -> list[DataSubjectRequest]:
    """Return a request and those of its case that came by the same message, closed ones too. Needs a transaction.

    Requests know no message: those of one message have the receipt in common.
    """
    case = lock_case(DataSubjectRequest.objects.values_list("case_id", flat=True).get(pk=dsr_id))
    received_at = DataSubjectRequest.objects.values_list("received_at", flat=True).get(pk=dsr_id)
    alike = DataSubjectRequest.objects.filter(case=case, received_at=received_at)
    dsrs = list(alike.select_for_update(of=("self",), no_key=True).order_by("pk"))
    for dsr in dsrs:
        dsr.case = case
    return dsrs


def lock_open_requests(case_id: int) -> list[DataSubjectRequest]:
    """Return the open requests of a case, oldest first, locked after it. Needs a transaction."""
    return _lock_requests(DataSubjectRequest.objects.open(), case_id)


def lock_requests(case_id: int) -> list[DataSubjectRequest]:
    """Return all requests of a case, oldest first, locked after it. Needs a transaction."""
    return _lock_requests(DataSubjectRequest.objects.all(), case_id)


def _lock_requests(rows: DataSubjectRequestQuerySet, case_id: int) -> list[DataSubjectRequest]:
    case = lock_case(case_id)
    dsrs = list(rows.filter(case=case).select_for_update(of=("self",), no_key=True).order_by("pk"))
    for dsr in dsrs:
        dsr.case = case
    return dsrs
