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
from identity.models.user import normal_address
from identity.services.new_address import LONGEST_REASON
from requests_app.desk import systems
from requests_app.desk.text_errors import text_errors

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
        called = systems.names()
        field.choices = [(p.pk, f"{p.value} ({called.get(p.system, p.system)})") for p in addresses]
        if not addresses:
            del self.fields["contact_point"]  # then only the neutral mail goes out


class OldAddressLostForm(forms.Form):
    """Why the person cannot confirm at the address that is to be replaced, and how else we know that it is them."""

    reason = forms.CharField(
        label=_("Why the old address cannot be confirmed, and how you know that it is the person"),
        help_text=_("For instance: the mailbox is closed; called on the phone number on file."),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages=text_errors(_("Give the reason.")),
    )


class ContactPointForm(forms.Form):
    """An address that a person read in a system which has no connector."""

    value = forms.EmailField(
        label=_("E-mail address"),
        max_length=320,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Write the e-mail address the system holds.")},
    )
    system = forms.CharField(
        label=_("Found in which system?"),
        max_length=64,
        error_messages={"required": _("Say in which system you found it.")},
    )
    since = forms.DateField(label=_("On file since"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(
        label=_("Why this address belongs to the person"),
        help_text=_(
            "Only for the address in the request. Say how you know, for instance that you called a number on file."
        ),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, asked_from: str, **kwargs: Any) -> None:
        """`asked_from`: the address in the request, which proves nothing by itself."""
        super().__init__(*args, **kwargs)
        self._asked_from = normal_address(asked_from)

    def clean(self) -> dict[str, Any]:
        """Ask for a reason where the address is that of the request."""
        given = super().clean() or {}
        if normal_address(given.get("value") or "") == self._asked_from and not given.get("reason"):
            self.add_error("reason", _("This is the address in the request. Say how you know that it is the person’s."))
        return given

    def clean_since(self) -> date | None:
        """Refuse days on which no system of ours can have got an address."""
        since: date | None = self.cleaned_data["since"]
        if since and not EARLIEST <= since <= timezone.localdate():
            raise ValidationError(_("Give a day from 1970 to today."), code="since")
        return since
