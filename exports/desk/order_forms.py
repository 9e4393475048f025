"""The form on which somebody says what became of a deletion that a vendor had accepted."""

from django import forms
from django.utils.translation import gettext_lazy as _

from exports.domain.enums import TaskState
from exports.services import tasks
from requests_app.desk.text_errors import text_errors

from .erasure_forms import ErasureForm


class OrderForm(ErasureForm):
    """Done or not, and how that was checked."""

    outcome = forms.ChoiceField(
        label=_("What the vendor has done"),
        widget=forms.RadioSelect,
        choices=[
            (TaskState.DONE.value, _("It is carried out")),
            (TaskState.FAILED.value, _("It was not carried out")),
        ],
        error_messages={"required": _("Choose what the vendor has done.")},
    )
    looked_again = forms.BooleanField(
        label=_("I have searched the system once more, and nothing is left of what was to go"), required=False
    )
    note = forms.CharField(
        label=_("How you checked it"),
        help_text=_("What you searched for, or what the vendor answered. Stays with the case."),
        max_length=tasks.LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages=text_errors(_("Say how you checked it: what you searched for, or what the vendor answered.")),
    )
