"""Rectification (GDPR Art. 16): what is wrong and what is right, written down field by field.

Nothing is typed blindly: a correction starts from the value that the search found, which the system must still hold
when it is changed. Values stay in their rows; the audit knows their keyed hashes.
"""

from collections.abc import Sequence
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from exports.domain import corrections as values
from exports.domain.enums import TaskMode
from exports.models import Correction
from identity import selectors as identity
from identity.models.user import normal_address
from identity.services import new_address
from requests_app import audit
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import Actor, Reason
from requests_app.keyring import ring
from requests_app.models import DataSubjectRequest
from requests_app.services import collision
from requests_app.services.rows import lock_request

from . import correction_plan, holdings, requirements
from .holdings import Place, Wanted

PURPOSE = "correction"
LONGEST_FIELD = 200
MOST_AT_ONCE = 200


def enter(dsr_id: int, wanted: Sequence[Wanted], *, actor: Actor, version: int | None = None) -> int:
    """Write down right values; return how many corrections were entered or taken back.

    The value that stands in a field now takes an earlier wish for it back. When an address on file is to change, the
    person is asked to confirm the old and the new one at once. Raises ActionRefused; nothing is kept then.
    """
    if len(wanted) > MOST_AT_ONCE:
        raise ActionRefused(Reason("corrections_too_many", {"most": str(MOST_AT_ONCE)}))
    with transaction.atomic():
        dsr = _begin(dsr_id, version)
        seen = {holdings.id_of(place.wanted("")): place for place in holdings.places(holdings.of_request(dsr))}
        changed = [one for wish in wanted if (one := _put(dsr, wish, seen.get(holdings.id_of(wish)), actor))]
        _conclude(dsr, changed, actor)
        return len(changed)


def enter_by_hand(
    dsr_id: int, system: str, name: str, wrong: str, right: str, *, actor: Actor, version: int | None = None
) -> Correction:
    """Write down what a person has to correct in a system that was searched by hand; `wrong` may be nothing.

    The same words entered twice are one correction until it is made. Raises ActionRefused.
    """
    name, wrong, right = name.strip(), wrong.strip(), right.strip()
    if not name or not right or right == wrong:
        raise ActionRefused(Reason("correction_incomplete"))
    if len(name) > LONGEST_FIELD or max(len(wrong), len(right)) > values.LONGEST_VALUE or "\0" in name + wrong + right:
        raise ActionRefused(Reason("correction_wrong_type", {"ids": name[:40].replace("\0", "")}))
    with transaction.atomic():
        dsr = _begin(dsr_id, version)
        if all(one.task.system != system or one.records is not None for one in holdings.of_request(dsr)):
            raise ActionRefused(Reason("correction_row_gone", {"ids": name}))
        _refuse_under_way(dsr, system)
        same = dsr.corrections.filter(system=system, collection="", field=name, old_value=wrong, new_value=right)
        if row := same.filter(done_at__isnull=True).first():
            return row
        # Two rows of such a system may have a field of one name, so every correction has a key of its own.
        row = _write(dsr, Wanted(system, "", uuid4().hex, name, right), name, wrong, actor)
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


def _begin(dsr_id: int, version: int | None) -> DataSubjectRequest:
    dsr = lock_request(dsr_id)
    if reason := correction_plan.why_not(dsr):
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
            "ordered_in": None,
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
            collection=row.collection, field=row.field if row.collection else "", before=row.before_hmac,
            after=row.after_hmac,
        )  # fmt: skip


def _address_changes(dsr: DataSubjectRequest) -> set[tuple[str, str]]:
    """The addresses that corrections of the case replace, with what replaces them.

    An address that stood in the system is on file there, whether somebody wrote it down as a contact or not.
    """
    on_file = {normal_address(point.value) for point in identity.addresses_on_file(dsr.case)}
    replaced_before = {one.row.replaces for one in identity.address_changes(dsr.case)}
    rows = Correction.objects.filter(dsr__case=dsr.case).values_list("old_value", "new_value")
    found: set[tuple[str, str]] = set()
    for old, new in ((values.addresses_in(old), values.addresses_in(new)) for old, new in rows):
        # A new address without the old one beside it may take the place of any that is on file.
        replaced = old or on_file | replaced_before
        found |= {(one, other) for one in replaced for other in new - old - on_file}
    return found


def _refuse_under_way(dsr: DataSubjectRequest, system: str) -> None:
    """While a system is being changed, what it is to change stands: nobody would know what was done."""
    task = correction_plan.tasks_by_system(dsr).get(system)
    if correction_plan.is_under_way(task) and task and task.mode == TaskMode.AUTOMATIC:
        raise ActionRefused(Reason("correction_under_way"))


def _seal(dsr: DataSubjectRequest, wish: Wanted, value: str) -> str:
    return values.seal(
        ring().key(PURPOSE), dsr_id=dsr.pk, system=wish.system, collection=wish.collection, field=wish.name,
        value=value,
    )  # fmt: skip
