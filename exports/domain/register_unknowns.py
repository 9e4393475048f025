"""What an answer would still have to print as `unknown`, and what else a person should look at before it goes.

Only what the letter prints counts (GDPR Art. 15(1)(a)-(h) and 15(2), the legal basis, who answers). Not counted:
`recipient_role` and `consent_withdrawal` (no item of Art. 15), where a system stands, and an unknown *system*, which
is a gap of the search and not of the letter (`register_search`).
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from requests_app.domain.enums import Right

from .register_fields import (
    ACTIVITY_FIELDS,
    CATEGORY_FIELDS,
    CONTROLLER_FIELDS,
    Field,
    Kind,
    Part,
    Value,
    applies,
    is_lacking,
    item_is_lacking,
    items_of,
    value_of,
)
from .register_model import Activity, Register
from .register_values import Text, same


@dataclass(frozen=True, slots=True)
class UnknownField:
    """One field to fill before an answer can go.

    `label` and `about` say what is asked, of which activity (or category; None: of the controller). `known` stays
    when the rest of a list is filled; `said` is what the register admits to be incomplete; `proposal` is a
    suggestion that nobody has decided on.
    """

    path: str
    activity_id: str | None
    field: str
    kind: Kind
    label: Text
    about: Text | None
    known: tuple[Text, ...] = ()
    said: tuple[Text, ...] = ()
    proposal: Text | None = None


def unknowns(
    register: Register, activity_ids: Collection[str], right: str = "access", *, trial: bool = False
) -> list[UnknownField]:
    """What an answer about these activities would print as unknown, controller first, in register order.

    Outside a trial an example value counts as unknown. So far only the answer to access is made from the register:
    other rights give an empty list. KeyError for an activity that does not exist, ValueError for a wrong right.
    """
    if Right(right) is not Right.ACCESS:
        return []
    activities = chosen(register, activity_ids)
    return [
        *_of_part("controller", register.controller, CONTROLLER_FIELDS, None, None, trial),
        *_of_categories(register, activities, trial),
        *(found for activity in activities for found in _of_activity(activity, trial)),
    ]


def chosen(register: Register, activity_ids: Collection[str]) -> list[Activity]:
    """The activities with these ids in register order; KeyError if one does not exist."""
    for activity_id in activity_ids:
        register.activity(activity_id)
    return [activity for activity in register.activities if activity.id in activity_ids]


def activity_value(activity: Activity, field: Field) -> Value:
    """What the letter prints of an activity in a field: the legal basis may follow from the law itself."""
    return activity.basis if field.name == "legal_basis" else value_of(activity, field)


def is_printed(activity: Activity, field: Field) -> bool:
    """True if the letter prints this field of this activity."""
    return field.printed and applies(activity, field)


def _of_activity(activity: Activity, trial: bool) -> Iterator[UnknownField]:
    fields = tuple(field for field in ACTIVITY_FIELDS if is_printed(activity, field))
    about = activity.name if isinstance(activity.name, Text) else same(activity.id)
    yield from _of_part(f"activities.{activity.id}", activity, fields, activity.id, about, trial)


def _of_categories(register: Register, activities: list[Activity], trial: bool) -> Iterator[UnknownField]:
    used = {item for activity in activities for item in activity.data_categories if isinstance(item, str)}
    for category in register.data_categories:
        if category.id in used:
            about = category.label if isinstance(category.label, Text) else same(category.id)
            path = f"data_categories.{category.id}"
            yield from _of_part(path, category, CATEGORY_FIELDS, None, about, trial)


def _of_part(
    prefix: str,
    part: Part,
    fields: tuple[Field, ...],
    activity_id: str | None,
    about: Text | None,
    trial: bool,
) -> Iterator[UnknownField]:
    for field in fields:
        value = activity_value(part, field) if isinstance(part, Activity) else value_of(part, field)
        if not field.printed or not is_lacking(field, value, trial=trial):
            continue
        texts = tuple(item for item in items_of(value) if isinstance(item, Text))
        yield UnknownField(
            path=f"{prefix}.{field.name}",
            activity_id=activity_id,
            field=field.name,
            kind=field.kind,
            label=field.label,
            about=about,
            known=tuple(text for text in texts if not item_is_lacking(text, trial=trial)),
            said=tuple(text for text in texts if item_is_lacking(text, trial=trial)),
            proposal=_proposal(part, field),
        )


def _proposal(part: Part, field: Field) -> Text | None:
    if field.name != "retention" or not isinstance(part, Activity):
        return None
    proposal = part.derived.retention_proposal
    return proposal if isinstance(proposal, Text) else None
