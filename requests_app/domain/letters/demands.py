"""Does what a letter says depend on what it must say? A value that can change unnoticed stands nowhere in it."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta

from .shape import StandardLetter

_WEEK = timedelta(days=7)  # the weekday and, of a day in the middle, the month stay: only the day itself tells


def lacking(
    letter: StandardLetter, context: Mapping[str, object], write: Callable[[Mapping[str, object]], str]
) -> Iterator[str]:
    """Yield the names of mandatory parts that the body written from `context` does not show, or that are empty.

    `write` renders the body; `context` holds the blocks already.
    """
    body = write(context)
    for must in letter.must:
        if must.when and not _value(context, must.when):
            continue
        value = _value(context, must.name)
        if value in (None, "", ()) or write(_changed(context, must.name, value)) == body:
            yield must.name


def _value(context: Mapping[str, object], name: str) -> object:
    """Return what a dotted name stands for, None where there is no such thing."""
    whole: object = context
    for step in name.split("."):
        whole = whole.get(step) if isinstance(whole, Mapping) else getattr(whole, step, None)
    return whole


def _changed(context: Mapping[str, object], name: str, value: object) -> dict[str, object]:
    first, dot, rest = name.partition(".")
    return {**context, first: _Instead(context[first], rest, _another(value)) if dot else _another(value)}


def _another(value: object) -> object:
    """Return a value of the same kind that is not the same."""
    if isinstance(value, date):  # a datetime is a date
        return value + _WEEK
    if isinstance(value, int):
        return value + 1
    if isinstance(value, list | tuple) and value:
        return [_another(value[0]), *value[1:]] if isinstance(value, list) else (_another(value[0]), *value[1:])
    return f"{value}·"


class _Instead:
    """Something with one of its fields changed, as a template looks at it."""

    def __init__(self, whole: object, name: str, value: object) -> None:
        self.whole, self.name, self.value = whole, name, value

    def __getitem__(self, name: str) -> object:
        """Return a field. Raises KeyError."""
        if name == self.name:
            return self.value
        if isinstance(self.whole, Mapping):
            return self.whole[name]
        if not hasattr(self.whole, name):
            raise KeyError(name)
        return getattr(self.whole, name)
