"""Forms of the identity panel on the case page."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from identity.domain.enums import DoubtReason
from identity.labels import DOUBTS
from identity.models import ContactPoint

ASK_PREFIX = "ask"
EARLIEST = date(1970, 1, 1)


class AskForm(forms.Form):
    """Why identity is doubted, and to which address on file the link goes."""

    doubt = forms.ChoiceField(
        label=_("Why do you doubt who is asking?"),
        choices=[("", _("Choose a reason")), *((doubt.value, DOUBTS[doubt]) for doubt in DoubtReason)],
        error_messages={"required": _("Choose why you doubt who is asking. Without a doubt, nothing may be asked.")},
    )
    contact_point = forms.TypedChoiceField(label=_("Send the link to"), coerce=int)

    def __init__(self, *args: Any, addresses: list[ContactPoint], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["contact_point"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - narrows the type
        field.choices = [(point.pk, f"{point.value} ({point.system})") for point in addresses]


class ContactPointForm(forms.Form):
    """An address that a person read in a system which has no connector."""

    value = forms.EmailField(
        label=_("E-mail address"), max_length=320, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    system = forms.CharField(label=_("Found in which system?"), max_length=64)
    since = forms.DateField(label=_("On file since"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def clean_since(self) -> date | None:
        """Refuse days on which no system of ours can have got an address."""
        since: date | None = self.cleaned_data["since"]
        if since and not EARLIEST <= since <= timezone.localdate():
            raise ValidationError(_("Give a day from 1970 to today."), code="since")
        return since
