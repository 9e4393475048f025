"""Putting the question of a task to its connector: once a round, and once more when there is reason to."""

from django.db.models import Q

from exports.domain.enums import NOTHING_TO_SEARCH_BY, TaskMode, TaskState
from identity import selectors as identity_selectors
from identity.models.user import normal_address
from requests_app.domain.enums import Stage
from requests_app.domain.snapshot import SYSTEM
from requests_app.models import Case
from requests_app.services.rows import lock_open_requests

from . import requirements, rounds

_SEARCHED_IN = (Stage.IN_PROGRESS, Stage.DECISION_DRAFT, Stage.IN_REVIEW)


def search_anew(case_id: int) -> None:
    """An address was confirmed: ask the connectors again that had to search without it.

    Answers given by hand stay, and so does what was released. Running twice changes nothing more.
    """
    case = Case.objects.get(pk=case_id)
    confirmed = identity_selectors.standing(case).confirmed
    if confirmed is None or confirmed.concluded_at is None:
        return
    if confirmed.sent_to == normal_address(case.person_email):  # the one they searched by
        return
    for dsr in lock_open_requests(case_id):
        if dsr.stage not in _SEARCHED_IN:
            continue
        before = Q(extracted_at__lt=confirmed.concluded_at, result_file__gt="")
        helpless = Q(state=TaskState.FAILED.value, fault=NOTHING_TO_SEARCH_BY)
        tasks = list(dsr.tasks.filter(before | helpless, mode=TaskMode.AUTOMATIC.value).order_by("id"))
        for task in tasks:
            rounds.ask_anew(task, "task.retried", SYSTEM)
        if tasks:
            requirements.review(dsr)
