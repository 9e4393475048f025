"""Forms by which a member of staff records what a person has shown."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from identity.domain.enums import DoubtReason, Method
from identity.labels import DOUBTS, METHODS
from identity.methods.answer_form import AnswerForm
from identity.models import ContactPoint
from requests_app.desk import systems

SHOWN_PREFIX = "shown"
YES, NO = "yes", "no"
BY_DOCUMENT = (Method.VIDEO_CALL, Method.SHOWN_DOCUMENT)


class DoubtForm(forms.Form):
    """Asks for the doubt where no question waits that holds one (Art. 12(6))."""

    doubt = forms.ChoiceField(
        label=_("Why do you doubt who is asking?"),
        choices=[("", _("Choose a reason")), *((doubt.value, DOUBTS[doubt]) for doubt in DoubtReason)],
        error_messages={"required": _("Choose why you doubt who is asking. Without a doubt, nothing may be asked.")},
    )

    def __init__(self, *args: Any, asked: bool, **kwargs: Any) -> None:
        """`asked`: a question about identity waits, and holds its doubt."""
        super().__init__(*args, **kwargs)
        if asked:
            del self.fields["doubt"]

    def given_doubt(self) -> DoubtReason | None:
        """Return the doubt that was chosen, if the form asked for one."""
        chosen = self.cleaned_data.get("doubt")
        return DoubtReason(chosen) if chosen else None


class CallBackForm(DoubtForm, AnswerForm):
    """Which number on file was called, and what the person answered there; the answers are compared and forgotten."""

    phone = forms.TypedChoiceField(
        label=_("Which number did you call?"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say which number you called.")},
    )

    field_order = ("doubt", "phone")

    def __init__(self, *args: Any, phones: list[ContactPoint], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        called, choice = systems.names(), self.fields["phone"]
        assert isinstance(choice, forms.ChoiceField)  # noqa: S101 - narrows the type
        choice.choices = [(point.pk, f"{point.value} ({called.get(point.system, point.system)})") for point in phones]


class ShownForm(DoubtForm):
    """How a document was shown, that only four things on it were looked at, and whether it was the person."""

    method = forms.TypedChoiceField(
        label=_("How was the document shown?"),
        choices=[(method.value, METHODS[method]) for method in BY_DOCUMENT],
        coerce=Method,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say how the document was shown.")},
    )
    looked_only = forms.BooleanField(
        label=_("I looked only at the name, the issuer, the expiry date and the photo, and kept nothing"),
        help_text=_("Ask the person to cover everything else, the national identity number above all."),
        error_messages={"required": _("Confirm what you looked at. Nothing else may be looked at or kept.")},
    )
    result = forms.ChoiceField(
        label=_("Was it the person?"),
        choices=[(YES, _("Yes, name and photo fit")), (NO, _("No, or I am not sure"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether it was the person.")},
    )

    field_order = ("doubt", "method", "looked_only", "result")
