"""What the staff write for each other on a case, and who has it."""

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from requests_app import audit, outbox, selectors
from requests_app.domain import events
from requests_app.domain.enums import Action
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Actor, Reason
from requests_app.models import Case, DataSubjectRequest, Note
from requests_app.permissions import Staff

from . import collision, lifecycle, readers, rows


def add_note(case_id: int, text: str, *, actor: Actor, user: Staff, version: int | None = None) -> Note:
    """Keep an internal note. A second click on the same form, known by its `version`, makes no second note.

    Raises ActionRefused when the case is not as it was seen (`version`).
    """
    with transaction.atomic():
        case = rows.lock_case(case_id)
        last = case.notes.order_by("created_at", "id").last()
        stale = version is not None and version != case.version
        if stale and last and last.author_id == user.pk and last.text == text.strip():
            return last
        collision.check(case, version)
        return _keep(case, text, actor, user.pk)


def assign(case_id: int, user_id: int | None, *, actor: Actor, version: int | None = None) -> Case:
    """Give a case to somebody who may see cases, or to nobody (None). The same again changes nothing.

    Raises ActionRefused when the account cannot have it or the case is not as it was seen (`version`).
    """
    with transaction.atomic():
        case = rows.lock_case(case_id)
        if case.assignee_id == user_id:
            return case
        collision.check(case, version)
        if user_id is not None and not _may_have(user_id):
            raise ActionRefused(Reason("assignee_unfit"))
        readers.require(case.pk, actor)
        if user_id is not None and (reason := readers.why_cannot_have(case, user_id)):
            raise ActionRefused(reason)
        before, case.assignee_id = case.assignee_id, user_id
        case.save(update_fields=["assignee"])
        collision.touch(case.pk)
        audit.record("case.assigned", f"case:{case.pk}", actor, before=before, after=user_id)
        case.refresh_from_db(fields=["assignee", "version"])
        if user_id is not None and user_id != actor.user_id:
            outbox.publish(events.CaseAssigned(case.pk, user_id, case.version))
        return case


def _may_have(user_id: int) -> bool:
    """Tell whether an account may have a case; it is locked, so that it is not closed while it gets one."""
    list(get_user_model().objects.select_for_update(no_key=True).filter(pk=user_id))
    return user_id in {member.pk for member in selectors.handlers()}


def advance(dsr_id: int, action: Action, *, actor: Actor, user: Staff, note: str = "") -> DataSubjectRequest:
    """Move a request (`lifecycle.advance`) and keep why as a note on its case. Raises TransitionDenied."""
    with transaction.atomic():
        dsr = lifecycle.advance(dsr_id, action, actor, note=note)
        if note.strip():
            _keep(dsr.case, note, actor, user.pk)
        return dsr


def _keep(case: Case, text: str, actor: Actor, author: int) -> Note:
    note = Note.objects.create(case=case, author_id=author, text=text.strip(), created_at=timezone.now())
    collision.touch(case.pk)
    audit.record("note.added", f"case:{case.pk}", actor, note=note.pk)
    return note
