"""A new version of the register with one more field filled, or with a contradiction settled."""

from collections.abc import Sequence
from dataclasses import replace as changed
from typing import TypeAlias

from .register_fields import Kind, NoSuchField, field_at, is_lacking, item_is_lacking, value_at, with_value
from .register_model import Activity, Register, System
from .register_read import SAYS_UNKNOWN
from .register_values import Text, Unknown

FillValue: TypeAlias = bool | Text | Sequence[Text | str]
"""A text; yes or no; several texts; ids of systems or data categories."""


class FillError(ValueError):
    """A value does not fit; `code` is one of the words below, `path` the field.

    `no_such_field`, `no_conflict` (nothing to settle there), `already_known`, `wrong_type`, `needs_words` (a bare
    yes), `no_such_id`, `empty`, `not_final` (a text marked incomplete or example), `says_nothing` (a text that calls
    something unknown, which no answer may print).
    """

    def __init__(self, path: str, code: str, message: str) -> None:
        super().__init__(f"{path}: {message}")
        self.path = path
        self.code = code


def fill(register: Register, path: str, value: FillValue, *, replace: bool = False) -> Register:
    """The register with this field filled.

    What a list already knows stays, only its unknown or unnamed members give way (an empty sequence says that
    there were none). A field that is known already is changed only with `replace`, then as a whole.
    FillError if the path or the value does not fit.
    """
    try:
        field, current = field_at(register, path), value_at(register, path)
    except NoSuchField as error:
        raise FillError(path, "no_such_field", str(error)) from error
    if not replace and current is not None and not is_lacking(field, current):
        raise FillError(path, "already_known", "is known already")
    if field.kind in (Kind.TEXT, Kind.ANSWER, Kind.YES_NO):
        return with_value(register, path, _single(path, field.kind, value))
    given = _several(register, path, field.kind, value)
    known = current if isinstance(current, tuple) and not replace else ()
    kept = [item for item in known if not item_is_lacking(item)]
    filled = tuple(dict.fromkeys([*kept, *given]))
    if not filled:
        raise FillError(path, "empty", "needs at least one entry")
    return with_value(register, path, filled)


def settle(register: Register, part: str, holds: Text) -> Register:
    """The register with the `seed_conflict` of a part (`activities.PA05`, `systems.hubspot`) settled.

    `holds` says which reading holds. The contradiction itself stays in the version before. FillError if there is none.
    """
    collection, _, identifier = part.partition(".")
    parts_of: dict[str, tuple[Activity | System, ...]] = {
        "activities": register.activities,
        "systems": register.systems,
    }
    found = parts_of.get(collection, ())
    if not any(one.id == identifier and one.seed_conflict is not None for one in found):
        raise FillError(part, "no_conflict", "holds nothing to settle")
    settled = _final(part, holds)
    parts = [
        changed(one, seed_conflict=None, conflict_settled=settled) if one.id == identifier else one for one in found
    ]
    return changed(register, **{collection: tuple(parts)})  # type: ignore[arg-type]  # one of the two above


def _single(path: str, kind: Kind, value: FillValue) -> bool | Text:
    if isinstance(value, Text):
        return _known(path, value)
    if not isinstance(value, bool) or kind is Kind.TEXT:
        raise FillError(path, "wrong_type", "needs one text")
    if value and kind is Kind.ANSWER:
        raise FillError(path, "needs_words", "needs words: a bare yes answers nothing")
    return value


def _several(register: Register, path: str, kind: Kind, value: FillValue) -> list[Text | str | Unknown]:
    if isinstance(value, bool | str) or (isinstance(value, Text) and kind is Kind.SYSTEMS):
        raise FillError(path, "wrong_type", "needs a list")
    items = [value] if isinstance(value, Text) else list(value)
    return [_member(register, path, kind, item) for item in items]


def _member(register: Register, path: str, kind: Kind, item: Text | str) -> Text | str:
    if isinstance(item, Text) and kind is not Kind.SYSTEMS:
        return _final(path, item)
    if not isinstance(item, str) or kind is Kind.LIST:
        raise FillError(path, "wrong_type", "does not take this kind of entry")
    parts = register.systems if kind is Kind.SYSTEMS else register.data_categories
    if item not in [part.id for part in parts]:
        raise FillError(path, "no_such_id", f'nothing in the register has the id "{item}"')
    return item


def _known(path: str, text: Text) -> Text:
    """A text that is no name: those may have any word in them."""
    if path.startswith("activities.") and not path.endswith(".name") and _says_unknown(text):
        raise FillError(path, "says_nothing", "calls something unknown: leave the field as it is until it is known")
    return _final(path, text)


def _says_unknown(text: Text) -> bool:
    return bool(SAYS_UNKNOWN.search(text.en) or SAYS_UNKNOWN.search(text.nb))


def _final(path: str, text: Text) -> Text:
    if text.incomplete or text.example:
        raise FillError(path, "not_final", "needs a text that is complete and no example")
    return text
