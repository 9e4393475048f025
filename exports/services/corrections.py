"""Rectification (GDPR Art. 16): what is wrong and what is right, field by field, and having the systems change it.

Nothing is typed blindly: a correction starts from the value that the search found, which the system must still hold
when it is changed. Values stay in their rows; the audit knows their keyed hashes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.db import transaction
from django.utils import timezone

from exports import registry, vault
from exports.connectors.base import ConnectorError, Corrigible
from exports.domain import corrections as values
from exports.domain.changes import FieldChange
from exports.domain.enums import TaskAction, TaskMode, TaskState
from exports.domain.records import FieldValue, Record, Scalar, Verb
from exports.models import Correction, SystemTask
from identity import selectors as identity
from identity.models.user import normal_address
from identity.services import new_address
from requests_app import audit, outbox
from requests_app.domain.enums import Right, Stage
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Actor, Reason
from requests_app.keyring import ring
from requests_app.models import Case, DataSubjectRequest
from requests_app.services import clock, collision
from requests_app.services.rows import lock_request

from . import asking, correction_plan, plan, requirements, task_files
from .due_days import due_on

PURPOSE = "correction"
LONGEST_FIELD = 200
MOST_AT_ONCE = 200
DONE_WITHIN = 5
"""Working days after the order by which a system is corrected (our own milestone)."""

_WORKABLE = (Stage.IN_PROGRESS, Stage.DECISION_DRAFT)


@dataclass(frozen=True)
class Wanted:
    """The right value of one field of one row, as somebody typed it; the value that stands there takes it back."""

    system: str
    collection: str
    key: str = field(repr=False)
    name: str
    text: str = field(repr=False)


@dataclass(frozen=True)
class Held:
    """What one system holds of the person: `records` is None where a member of staff searched it."""

    task: SystemTask
    records: tuple[Record, ...] | None

    def may_be_corrected(self, record: Record, value: FieldValue) -> bool:
        """Tell whether a field may be changed: keys, fields kept back and files only show."""
        if not values.can_be_shown(value):
            return False
        if self._connector is None:
            return True
        if record.collection not in self._correctable:
            self._correctable[record.collection] = self._connector.correctable(record.collection)
        return value.name in self._correctable[record.collection]

    @cached_property
    def _correctable(self) -> dict[str, frozenset[str]]:
        return {}

    @cached_property
    def _connector(self) -> Corrigible | None:
        try:
            connector = registry.connector_for(self.task.system)
        except (registry.SystemsError, ConnectorError):
            return None
        return connector if isinstance(connector, Corrigible) else None


@dataclass(frozen=True)
class Place:
    """One field of one row of one system."""

    held: Held
    record: Record
    value: FieldValue

    def wanted(self, text: str) -> Wanted:
        """Return the wish to have `text` stand here."""
        record = self.record
        return Wanted(self.held.task.system, record.collection, record.key, self.value.name, text)


def held(dsr: DataSubjectRequest) -> list[Held]:
    """Return what the systems hold, as far as the search is done; a file that is gone counts as no search."""
    found = dsr.tasks.filter(action=TaskAction.READ.value, state=TaskState.DONE.value)
    return [one for task in found.select_related("dsr__case").order_by("id") if (one := _held(task)) is not None]


def places(everything: Sequence[Held]) -> Iterator[Place]:
    """Yield every field of every row that may be corrected."""
    for one in everything:
        for record in one.records or ():
            for value in record.fields:
                if one.may_be_corrected(record, value):
                    yield Place(one, record, value)


def alike(everything: Sequence[Held], chosen: Sequence[Place]) -> list[list[Place]]:
    """Return for each place the others that hold the same value of the same kind: what is wrong there is wrong too."""
    by_text: dict[str, list[Place]] = {values.as_text(place.value.value).casefold(): [] for place in chosen}
    by_text.pop("", None)
    for other in places(everything):
        if (text := values.as_text(other.value.value).casefold()) in by_text:
            by_text[text].append(other)
    same = [by_text.get(values.as_text(place.value.value).casefold(), []) for place in chosen]
    return [[other for other in others if _is_alike(other, place)] for place, others in zip(chosen, same, strict=True)]


def why_not(dsr: DataSubjectRequest) -> Reason | None:
    """Return why nobody can correct anything for a request now, or None."""
    if dsr.right != Right.RECTIFICATION:
        return Reason("corrections_other_right")
    return None if dsr.stage in _WORKABLE else Reason("task_not_now", {"stage": dsr.stage})


def why_not_carry_out(dsr: DataSubjectRequest) -> Reason | None:
    """Return why the corrections cannot be made now, as far as it can be told beforehand, or None."""
    if reason := why_not(dsr):
        return reason
    if not correction_plan.open_rows(dsr):
        return Reason("corrections_nothing_open")
    return correction_plan.why_not_address(dsr)


def enter(dsr_id: int, wanted: Sequence[Wanted], *, actor: Actor, version: int | None = None) -> int:
    """Write down right values; return how many corrections were entered or taken back.

    The value that stands in a field now takes an earlier wish for it back. When an address on file is to change, the
    person is asked to confirm the old and the new one at once. Raises ActionRefused; nothing is kept then.
    """
    if len(wanted) > MOST_AT_ONCE:
        raise ActionRefused(Reason("corrections_too_many", {"most": str(MOST_AT_ONCE)}))
    with transaction.atomic():
        dsr = _begin(dsr_id, version)
        seen = {_id(place.wanted("")): place for place in places(held(dsr))}
        changed = [one for wish in wanted if (one := _put(dsr, wish, seen.get(_id(wish)), actor))]
        _conclude(dsr, changed, actor)
        return len(changed)


def enter_by_hand(
    dsr_id: int, system: str, name: str, wrong: str, right: str, *, actor: Actor, version: int | None = None
) -> Correction:
    """Write down what a person has to correct in a system that was searched by hand; `wrong` may be nothing.

    Raises ActionRefused.
    """
    name, wrong, right = name.strip(), wrong.strip(), right.strip()
    if not name or not right or right == wrong:
        raise ActionRefused(Reason("correction_incomplete"))
    if len(name) > LONGEST_FIELD or max(len(wrong), len(right)) > values.LONGEST_VALUE or "\0" in name + wrong + right:
        raise ActionRefused(Reason("correction_wrong_type", {"ids": name[:40].replace("\0", "")}))
    with transaction.atomic():
        dsr = _begin(dsr_id, version)
        if all(one.task.system != system or one.records is not None for one in held(dsr)):
            raise ActionRefused(Reason("correction_row_gone", {"ids": name}))
        _refuse_under_way(dsr, system)
        row = _write(dsr, Wanted(system, "", "", name, right), name, wrong, actor)
        _conclude(dsr, [row], actor)
        return row


def remove(correction_id: int, *, actor: Actor, version: int | None = None) -> None:
    """Take back a correction that was not carried out. Doing it twice does no harm. Raises ActionRefused."""
    dsr_id = Correction.objects.values_list("dsr_id", flat=True).filter(pk=correction_id).first()
    if dsr_id is None:
        return
    with transaction.atomic():
        dsr = _begin(dsr_id, version)
        row = Correction.objects.select_for_update().filter(pk=correction_id).first()
        if row is None:
            return
        if row.done_at:
            raise ActionRefused(Reason("correction_done", {"ids": row.label}))
        _refuse_under_way(dsr, row.system)
        row.delete()
        _conclude(dsr, [row], actor)


def carry_out(dsr_id: int, *, actor: Actor, version: int | None = None) -> int:
    """Have the systems make every correction that is open; return how many were asked.

    A connector changes what it can, a person the rest. Systems that are at it are left alone, so pressing twice asks
    nothing twice. Raises ActionRefused: an address is not confirmed, a value has changed since it was looked at.
    """
    automatic = _automatic(Case.objects.get(dsrs=dsr_id))
    with transaction.atomic():
        dsr = lock_request(dsr_id)
        if reason := why_not(dsr):
            raise ActionRefused(reason)
        orders, rows = correction_plan.tasks_by_system(dsr), correction_plan.open_rows(dsr)
        waiting = [row for row in rows if not _is_under_way(orders.get(row.system))]
        if rows and not waiting:
            return 0
        collision.check(dsr.case, version)
        if not rows:
            raise ActionRefused(Reason("corrections_nothing_open"))
        if reason := correction_plan.why_not_address(dsr):
            raise ActionRefused(reason)
        found = {one.task.system: one for one in held(dsr)}
        _refuse_outdated(waiting, list(found.values()))
        systems = sorted({row.system for row in waiting})
        for system in systems:
            mine = [row for row in waiting if row.system == system]
            by_machine = system in automatic and all(row.record_key for row in mine)
            _order(dsr, found[system], mine, orders.get(system), automatic=by_machine, actor=actor)
        collision.touch(dsr.case_id)
        requirements.review(dsr)
        audit.record("correction.ordered", f"dsr:{dsr.pk}", actor, systems=systems)
        return len(systems)


def changes(task: SystemTask) -> list[FieldChange]:
    """Return what a connector is to change, in the kinds of value that it reads itself."""
    read = task.dsr.tasks.filter(system=task.system, action=TaskAction.READ.value).select_related("dsr__case").first()
    one = _held(read) if read else None
    seen = {_id(place.wanted("")): place.value for place in places([one] if one else [])}
    rows = Correction.objects.filter(dsr=task.dsr_id, system=task.system, done_at__isnull=True)
    return [_change(row, seen.get(_id_of(row))) for row in rows.exclude(record_key="")]


def are_done(task: SystemTask) -> None:
    """A system holds the right values now. Needs the transaction of that answer, with the task locked."""
    rows = list(Correction.objects.filter(dsr=task.dsr_id, system=task.system, done_at__isnull=True))
    Correction.objects.filter(pk__in=[row.pk for row in rows]).update(done_at=task.done_at)


def are_open_again(task: SystemTask) -> None:
    """The answer of a system was taken back, and with it that the values are right."""
    if task.done_at:
        Correction.objects.filter(dsr=task.dsr_id, system=task.system, done_at=task.done_at).update(done_at=None)


def outdated(rows: Sequence[Correction], everything: Sequence[Held]) -> list[Correction]:
    """Return the corrections whose row is gone or holds another value than when they were entered."""
    seen = {_id(place.wanted("")): values.as_text(place.value.value) for place in places(everything)}
    return [row for row in rows if row.record_key and seen.get(_id_of(row)) != row.old_value]


def _held(task: SystemTask) -> Held | None:
    if not task.result_sha256:
        return Held(task, None)
    try:
        result = task_files.result(task)
    except vault.MissingFile:
        result = None
    return Held(task, result.records) if result else None


def _begin(dsr_id: int, version: int | None) -> DataSubjectRequest:
    dsr = lock_request(dsr_id)
    if reason := why_not(dsr):
        raise ActionRefused(reason)
    collision.check(dsr.case, version)
    return dsr


def _put(dsr: DataSubjectRequest, wish: Wanted, place: Place | None, actor: Actor) -> Correction | None:
    """Enter, change or take back one correction; None when there is nothing to do."""
    if place is None:
        raise ActionRefused(Reason("correction_read_only", {"ids": wish.name}))
    label = place.value.label.in_language(dsr.case.language)
    try:
        text = values.as_text(values.parse(wish.text, place.value))
    except values.WrongType:
        raise ActionRefused(Reason("correction_wrong_type", {"ids": label})) from None
    now = values.as_text(place.value.value)
    row = Correction.objects.filter(
        dsr=dsr, system=wish.system, collection=wish.collection, record_key=wish.key, field=wish.name
    ).first()
    if row is None and text == now:
        return None
    if row and row.new_value == text and row.old_value == now:
        return None
    read_at = place.held.task.extracted_at
    if row and row.done_at and not (read_at and read_at > row.done_at):
        if text in (row.new_value, now):  # the page was filled with what stood there before it was corrected
            return None
        raise ActionRefused(Reason("correction_done", {"ids": label}))
    if row and row.done_at and text == now:
        return None
    _refuse_under_way(dsr, wish.system)
    if row and text == now:
        row.delete()
        return row
    return _write(dsr, Wanted(wish.system, wish.collection, wish.key, wish.name, text), label, now, actor)


def _write(dsr: DataSubjectRequest, wish: Wanted, label: str, old: str, actor: Actor) -> Correction:
    row, _ = Correction.objects.update_or_create(
        dsr=dsr,
        system=wish.system,
        collection=wish.collection,
        record_key=wish.key,
        field=wish.name,
        defaults={
            "label": label[:LONGEST_FIELD],
            "old_value": old,
            "new_value": wish.text,
            "before_hmac": _seal(dsr, wish, old),
            "after_hmac": _seal(dsr, wish, wish.text),
            "created_at": timezone.now(),
            "created_by_id": actor.user_id,
            "done_at": None,
        },
    )
    return row


def _conclude(dsr: DataSubjectRequest, changed: Sequence[Correction], actor: Actor) -> None:
    """Do what follows from corrections that were entered or taken back (those have no number any more)."""
    if not changed:
        return
    collision.touch(dsr.case_id)
    new_address.require(dsr.case_id, _address_changes(dsr), actor=actor)
    requirements.review(dsr)
    for row in changed:
        audit.record(
            "correction.entered" if row.pk else "correction.removed", f"dsr:{dsr.pk}", actor, system=row.system,
            collection=row.collection, field=row.field if row.record_key else "", before=row.before_hmac,
            after=row.after_hmac,
        )  # fmt: skip


def _address_changes(dsr: DataSubjectRequest) -> set[tuple[str, str]]:
    """The addresses on file that corrections of the case replace, with what replaces them."""
    on_file = {normal_address(point.value) for point in identity.addresses_on_file(dsr.case)}
    on_file |= {one.row.replaces for one in identity.address_changes(dsr.case)}
    rows = Correction.objects.filter(dsr__case=dsr.case).values_list("old_value", "new_value")
    pairs = {(normal_address(old), normal_address(new)) for old, new in rows}
    return {(old, new) for old, new in pairs if old in on_file and "@" in new and new != old}


def _refuse_under_way(dsr: DataSubjectRequest, system: str) -> None:
    """While a system is being changed, what it is to change stands: nobody would know what was done."""
    task = correction_plan.tasks_by_system(dsr).get(system)
    if _is_under_way(task) and task and task.mode == TaskMode.AUTOMATIC:
        raise ActionRefused(Reason("correction_under_way"))


def _refuse_outdated(rows: Sequence[Correction], everything: Sequence[Held]) -> None:
    labels = [row.label for row in outdated(rows, everything)]
    searched = {one.task.system for one in everything}
    labels += [row.label for row in rows if row.system not in searched and row.label not in labels]
    if labels:
        raise ActionRefused(Reason("correction_outdated", {"ids": ", ".join(dict.fromkeys(labels))}))


def _order(
    dsr: DataSubjectRequest, one: Held, rows: Sequence[Correction], task: SystemTask | None, *, automatic: bool,
    actor: Actor,
) -> None:  # fmt: skip
    mode = TaskMode.AUTOMATIC if automatic else TaskMode.MANUAL
    concerned = _activities(one, rows)
    if task is None:
        task = SystemTask.objects.create(
            dsr=dsr,
            system=one.task.system,
            system_name=one.task.system_name,
            action=TaskAction.RECTIFY.value,
            mode=mode.value,
            activities=concerned,
            due_on=min(
                due_on(timezone.now(), clock.calendar(), DONE_WITHIN),
                max(clock.derive(dsr).act_by, timezone.localdate()),
            ),
        )
        return asking.ask(task)
    task.mode = mode.value
    task.activities = list(dict.fromkeys([*task.activities, *concerned]))
    asking.ask_anew(task, "task.retried", actor)
    return None


def _activities(one: Held, rows: Sequence[Correction]) -> list[str]:
    """The activities whose data is corrected; all of the system's where nobody knows which."""
    keys = {(row.collection, row.record_key) for row in rows}
    touched = [a for r in one.records or () if (r.collection, r.key) in keys for a in r.activities]
    return list(dict.fromkeys(touched)) or list(one.task.activities)


def _automatic(case: Case) -> frozenset[str]:
    try:
        return plan.automatic_systems(case, Verb.RECTIFY)
    except outbox.Later:
        raise ActionRefused(Reason("systems_unusable")) from None


def _is_under_way(task: SystemTask | None) -> bool:
    return task is not None and task.state == TaskState.OPEN


def _change(row: Correction, seen: FieldValue | None) -> FieldChange:
    before: Scalar = row.old_value or None
    after: Scalar = row.new_value or None
    if seen is not None:
        after = values.parse(row.new_value, seen)
        if values.as_text(seen.value) == row.old_value:
            before = seen.value
    return FieldChange(row.collection, row.record_key, row.field, before, after)


def _is_alike(other: Place, place: Place) -> bool:
    """Tell whether two places with one value are of one kind, and two."""
    if _id(other.wanted("")) == _id(place.wanted("")):
        return False
    return other.value.category == place.value.category != "" or other.value.label == place.value.label


def _seal(dsr: DataSubjectRequest, wish: Wanted, value: str) -> str:
    return values.seal(
        ring().key(PURPOSE), dsr_id=dsr.pk, system=wish.system, collection=wish.collection, field=wish.name,
        value=value,
    )  # fmt: skip


def _id(wish: Wanted) -> tuple[str, str, str, str]:
    return wish.system, wish.collection, wish.key, wish.name


def _id_of(row: Correction) -> tuple[str, str, str, str]:
    return row.system, row.collection, row.record_key, row.field
