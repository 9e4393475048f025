"""What narrows the queue, as it stands in the address: never the name of a person (see `queue.search`)."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from requests_app import selectors
from requests_app.domain.enums import Channel, Right, Stage
from requests_app.labels import CHANNELS, RIGHTS, STAGES

NOBODY = "none"
_ALL = ("", _("All"))


class FilterForm(forms.Form):
    """Four questions, each of which may stay open."""

    right = forms.ChoiceField(label=_("Right"), required=False)
    stage = forms.ChoiceField(label=_("Stage"), required=False)
    assignee = forms.ChoiceField(label=_("Handler"), required=False)
    channel = forms.ChoiceField(label=_("Channel"), required=False)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data, auto_id="filter-%s")
        people = [(str(member.pk), member.name) for member in selectors.handlers()]
        choices: dict[str, list[Any]] = {
            "right": [(right.value, RIGHTS[right]) for right in Right],
            "stage": [(stage.value, STAGES[stage]) for stage in Stage if stage is not Stage.CLOSED],
            "assignee": [(NOBODY, _("Nobody")), *people],
            "channel": [(channel.value, CHANNELS[channel]) for channel in Channel],
        }
        for name, values in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
            field.choices = [_ALL, *values]
            field.error_messages["invalid_choice"] = _("This is not one of the choices.")

    def chosen(self) -> dict[str, str]:
        """Return the value of each question; empty where it is open or the address is nonsense."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}


class SearchForm(forms.Form):
    """The box at the top of every page of the desk."""

    q = forms.CharField(
        max_length=200,
        error_messages={
            "required": _("Write what to search for."),
            "max_length": _("A search can be up to 200 characters long."),
            "null_characters_not_allowed": _("The search holds a character that cannot be searched for."),
        },
    )
