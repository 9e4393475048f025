"""Forms whose answers can be stored: a NUL byte is refused in words, and the field comes back without it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

UNSTORABLE = _("The text held a character that cannot be stored. We have removed it. Check the text and continue.")
NUL = "\0"


class StorableForm(forms.Form):
    """A form that takes NUL bytes out of what came and says so; databases cannot hold them."""

    def __init__(self, data: Mapping[str, Any] | None = None, *args: Any, **kwargs: Any) -> None:
        self._held_nul: list[str] = []
        if isinstance(data, QueryDict):
            self._held_nul = [name for name in data if any(NUL in value for value in data.getlist(name))]
            data = _without_nul(data)
        super().__init__(data, *args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Name each field that held a NUL byte."""
        cleaned = super().clean() or {}
        for name in self._held_nul:
            self.add_error(name if name in self.fields else None, str(UNSTORABLE))
        return cleaned


def _without_nul(data: QueryDict) -> QueryDict:
    copy = data.copy()
    for name in copy:
        copy.setlist(name, [value.replace(NUL, "") for value in copy.getlist(name)])
    return copy
