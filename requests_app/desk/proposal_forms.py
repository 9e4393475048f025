"""What the forms of a proposal have in common: the request they are about, and how its person was told by hand."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from requests_app.domain.enums import DeliveryWay
from requests_app.labels import DELIVERY_WAYS
from requests_app.models import DataSubjectRequest

from .day_field import day_field
from .refusable_form import RefusableForm


class ProposalForm(RefusableForm):
    """A form for one request; several may stand on a page, so `called` goes into the ids of its fields.

    `version` is that of the case that the page showed: what somebody else did meanwhile stops the step.
    """

    called: ClassVar[str]

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, dsr: DataSubjectRequest, *args: Any, **kwargs: Any) -> None:
        given = {"version": dsr.case.version} | self.proposed_values()
        super().__init__(*args, **{"auto_id": f"{self.called}-{dsr.pk}-%s", "initial": given} | kwargs)

    def proposed_values(self) -> dict[str, Any]:
        """Return what an empty form begins with, by field."""
        return {}

    def in_language_of(self, dsr: DataSubjectRequest, *names: str) -> None:
        """Say that these fields are written in the language of the case: the person reads them."""
        for name in names:
            self.fields[name].widget.attrs["lang"] = dsr.case.language


class ToldForm(ProposalForm):
    """How and when a letter reached a person whom no mail reaches."""

    ways: ClassVar[Sequence[DeliveryWay]] = (DeliveryWay.POST, DeliveryWay.IN_PERSON)

    way = forms.ChoiceField(
        label=_("How the letter was given"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the ways."), "invalid_choice": _("Choose one of the ways.")},
    )
    on = day_field(_("The day on which it was posted or handed over"), required=True)

    def __init__(self, dsr: DataSubjectRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(dsr, *args, **kwargs)
        choice: Any = self.fields["way"]
        choice.choices = [(way.value, DELIVERY_WAYS[way]) for way in self.ways]

    def clean_way(self) -> DeliveryWay:
        """Return the choice as what it is."""
        return DeliveryWay(self.cleaned_data["way"])
