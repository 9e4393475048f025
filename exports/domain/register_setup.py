"""What an installation has to say first: at most 20 questions, drawn from what the register does not know.

The question comes first whose answer the most letters wait for: whoever answers is printed by every letter, and so is
the activity of the cases themselves; of the rest the activity of which most answers were made. Where one answer often
holds for many activities ("no data leaves the EEA"), it is asked once for all of them.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from .register_fields import NoSuchField, item_is_lacking, with_value
from .register_fill import FillError
from .register_model import OWN_SYSTEM, Activity, Register
from .register_unknowns import unknowns
from .register_values import Unknown

MOST_QUESTIONS: Final = 20
DPO: Final = "controller.dpo"
NOT_IN: Final = {"no_transfer": "transfers.outside_eea", "no_automated_decision": "automated_decision_art22"}
"""Questions of several activities at once, and the field that says no in those that are chosen."""
# What comes first among questions for which equally many letters wait.
_ORDER: Final = (
    *("controller", DPO, "privacy_page", "cookie_page", "no_automated_decision", "no_transfer"),
    *("retention", "recipients", "transfers.outside_eea", "transfers.safeguards", "legal_basis", "sources"),
)


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `key` is the path of a field, a key of NOT_IN, or a setting of the organisation.

    `weight` is how many letters wait for it, as far as can be told; `activities` are those that NOT_IN asks about.
    """

    key: str
    weight: int
    activities: tuple[str, ...] = ()


def questions(register: Register, printed: Mapping[str, int], settings: Collection[str] = ()) -> list[Question]:
    """Return everything that can be asked, what unblocks most first.

    `printed`: how many answers an activity has stood in so far, by its id. `settings`: what the organisation's own
    settings lack (`privacy_page`, `cookie_page`), which every letter or receipt would print.
    """
    weights = {one.id: _weight(one, printed) for one in register.activities}
    every = max(weights.values(), default=1)
    found = [*_of_fields(register, weights, every), *(Question(key, every) for key in settings)]
    if register.controller.dpo is not None and item_is_lacking(register.controller.dpo):
        found.append(Question(DPO, every))
    return sorted(found, key=lambda question: (-question.weight, _rank(question.key)))


def say_no(register: Register, key: str, activity_ids: Collection[str]) -> Register:
    """The register with the no of a question of NOT_IN said for these activities. FillError if one does not exist."""
    for activity_id in activity_ids:
        path = f"activities.{activity_id}.{NOT_IN[key]}"
        try:
            register = with_value(register, path, False)
        except NoSuchField as error:
            raise FillError(path, "no_such_id", str(error)) from error
    return register


def _weight(activity: Activity, printed: Mapping[str, int]) -> int:
    """How many letters print an activity; the cases' own stands in all of them, and so counts for more than any."""
    if OWN_SYSTEM in activity.source_systems:
        return sum(printed.values()) + 1000
    return printed.get(activity.id, 0) + 1


def _of_fields(register: Register, weights: Mapping[str, int], every: int) -> Iterator[Question]:
    joint: dict[str, list[str]] = {key: [] for key in NOT_IN}
    for field in unknowns(register, list(weights)):
        if field.activity_id is None:
            of_controller = field.path.startswith("controller.")
            yield Question(field.path, every if of_controller else _of_category(register, field.path, weights))
            continue
        for key, name in NOT_IN.items():
            if field.field == name:
                joint[key].append(field.activity_id)
        abroad = register.activity(field.activity_id).transfers.outside_eea
        if field.field == "transfers.safeguards" and isinstance(abroad, Unknown):
            continue  # nobody knows yet whether there is anything to safeguard
        if field.field != NOT_IN["no_automated_decision"]:
            yield Question(field.path, weights[field.activity_id])
    for key, ids in joint.items():
        if ids:
            yield Question(key, max(weights[one] for one in ids), tuple(ids))


def _of_category(register: Register, path: str, weights: Mapping[str, int]) -> int:
    category = path.split(".")[1]
    return max(weights[one.id] for one in register.activities if category in one.data_categories)


def _rank(key: str) -> int:
    """The place of a question among its equals."""
    if key.startswith("controller.") and key != DPO:
        return 0
    name = key.split(".", 2)[2] if key.startswith(("activities.", "data_categories.")) else key
    return _ORDER.index(name) if name in _ORDER else len(_ORDER)
