"""Columns whose values come from a closed set of the domain."""

from enum import StrEnum

from django.db import models


def choice_field(
    enum: type[StrEnum], *, default: StrEnum | None = None, blank: bool = False
) -> "models.CharField[str, str]":
    """Return a text column for one value of `enum`; labels live in `requests_app.labels`, not in the schema."""
    if default is not None:
        return models.CharField(max_length=32, default=default.value, blank=blank)
    return models.CharField(max_length=32, blank=blank, default="") if blank else models.CharField(max_length=32)


def one_of(name: str, column: str, enum: type[StrEnum], *, blank: bool = False) -> models.CheckConstraint:
    """Return the constraint that keeps `column` within `enum`, in the database itself."""
    values = [member.value for member in enum] + ([""] if blank else [])
    return models.CheckConstraint(name=name, condition=models.Q(**{f"{column}__in": values}))
