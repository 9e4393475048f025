"""The field for a day: the browser's own calendar, or a day typed the Norwegian way."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


def day_field(label: Any, help_text: Any = "", *, required: bool = False) -> forms.DateField:
    """Return a day, optional unless `required`; what no calendar knows is refused with an example."""
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=required,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "short"}),
        input_formats=["%Y-%m-%d", "%d.%m.%Y"],
        error_messages={"required": _("Give the day."), "invalid": _("Write the day like 2.12.2026.")},
    )
