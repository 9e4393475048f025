"""Two people at one case: what was written on top of an older view of it is stopped, not mixed in.

A form carries the `version` of the case it was opened with. Whatever a person does to a case raises the version;
what the system does by itself does not, since nobody would write another answer because of it.
"""

from django.db.models import F

from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Reason
from requests_app.models import Case


def touch(case_id: int) -> None:
    """Say that somebody did something to a case. Needs the transaction of that fact, and an audit entry there."""
    Case.objects.filter(pk=case_id).update(version=F("version") + 1)


def check(case: Case, seen: int | None) -> None:
    """Make sure that a locked case still is as it was seen (None: whatever it is).

    Raises ActionRefused `case_changed`.
    """
    if seen is not None and case.version != seen:
        raise ActionRefused(Reason("case_changed"))
