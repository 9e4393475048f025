"""Plain text from templates that one can send: a variable that nobody filled stops it instead of leaving a hole."""

from collections.abc import Mapping
from functools import cache

from django.conf import settings
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
            return str(_engine().get_template(template).render(dict(context))).strip()
    except _Hole as hole:
        raise Unresolved(template, str(hole)) from None
    except TemplateDoesNotExist as error:
        raise Unresolved(template, str(error)) from None


@cache
def _engine() -> DjangoTemplates:
    """The same templates as everywhere, read by an engine that knows no silence."""
    (given,) = settings.TEMPLATES
    options = {"string_if_invalid": _Stop("%s")}
    return DjangoTemplates(
        {"NAME": "wording", "DIRS": given["DIRS"], "APP_DIRS": given["APP_DIRS"], "OPTIONS": options}
    )
