"""Plain text from templates that one can send: a variable that nobody filled stops it instead of leaving a hole."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.conf import settings
from django.template import Context, Node
from django.template.backends.django import DjangoTemplates
from django.template.exceptions import TemplateDoesNotExist
from django.utils import translation


class Unresolved(Exception):
    """A template cannot be filled in; the text names template and variable, and holds nothing of the case."""

    def __init__(self, template: str, variable: str) -> None:
        super().__init__(f"{template}: {variable}")
        self.template = template
        self.variable = variable


class _Hole(Exception):
    """A variable without a value was met."""


class _Known(Context):
    """Values by name; whoever asks for a name that is none is noted, also where Django would take it for false."""

    def __init__(self, values: Mapping[str, object]) -> None:
        self.unknown: list[str] = []
        super().__init__(dict(values))

    def __getitem__(self, key: int | str | Node) -> Any:
        """Return the value of a name. Raises KeyError."""
        try:
            return super().__getitem__(key)
        except KeyError:
            self.unknown.append(str(key))
            raise


class _Stop(str):
    """What Django puts in place of a variable that does not exist: it formats the name into it, and that raises."""

    __slots__ = ()

    def __mod__(self, variable: object) -> str:
        raise _Hole(str(variable))


def render(folder: str, name: str, language: str, context: Mapping[str, object]) -> str:
    """Return `<folder>/<name>.<language>.txt` filled in, without blanks around it. Raises Unresolved."""
    template = f"{folder}/{name}.{language}.txt"
    try:
        with translation.override(language):
            known = _Known(context)
            text = str(_engine().get_template(template).template.render(known)).strip()
    except _Hole as hole:
        raise Unresolved(template, str(hole)) from None
    except TemplateDoesNotExist as error:
        raise Unresolved(template, str(error)) from None
    if known.unknown:
        raise Unresolved(template, known.unknown[0])
    return text


@cache
def _engine() -> DjangoTemplates:
    """The same templates as everywhere, read by an engine that knows no silence."""
    (given,) = settings.TEMPLATES
    options = {"string_if_invalid": _Stop("%s")}
    return DjangoTemplates(
        {"NAME": "wording", "DIRS": given["DIRS"], "APP_DIRS": given["APP_DIRS"], "OPTIONS": options}
    )
