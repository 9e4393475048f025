"""Forms of the staff: accounts and the login."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from identity.labels import ROLE_HELP
from identity.models import User
from requests_app.domain.enums import Role
from requests_app.labels import ROLES

MAX_PASSWORD = 256


def _password(autocomplete: str, **options: Any) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(max_length=MAX_PASSWORD, strip=False, widget=widget, **options)


class LoginForm(forms.Form):
    """Address and password."""

    email = forms.CharField(
        label=_("E-mail address"),
        max_length=320,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = _password("current-password", label=_("Password"))


class CodeForm(forms.Form):
    """A code of the authenticator app; may be pasted with spaces."""

    code = forms.CharField(
        label=_("Code from the app"),
        help_text=_("Six digits. The app shows a new code every 30 seconds."),
        max_length=20,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "class": "code-input",
                "spellcheck": "false",
            }
        ),
    )


class AcceptForm(forms.Form):
    """What an invited person adds: a name and a password."""

    name = forms.CharField(
        label=_("Your name"),
        help_text=_("Your colleagues see it. The people whose cases you handle may see it, too."),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = _password(
        "new-password",
        label=_("Password"),
        help_text=_("At least 12 characters. A few words in a row are easy to remember."),
    )
    again = _password("new-password", label=_("The same password once more"))

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        """Both passwords agree and are good enough for this person."""
        data = super().clean() or {}
        password, again = data.get("password"), data.get("again")
        if password and again and password != again:
            self.add_error("again", _("The two passwords are not the same."))
        elif password:
            try:
                validate_password(password, User(email=self.email, name=data.get("name", "")))
            except forms.ValidationError as error:
                self.add_error("password", error)
        return data


class RolesForm(forms.Form):
    """The roles of one account."""

    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=[(role.value, ROLES[role]) for role in Role],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one role.")},
    )
    option_help = {"roles": ROLE_HELP}

    def chosen(self) -> list[Role]:
        """Return the roles that were ticked."""
        return [Role(value) for value in self.cleaned_data["roles"]]


class InviteForm(RolesForm):
    """Whom to invite, and what they may do."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=320,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    field_order = ["email", "roles"]


class LanguageForm(forms.Form):
    """In which language somebody works; blank follows the browser."""

    language = forms.ChoiceField(
        label=_("Language"),
        choices=[("nb", "Norsk bokmål"), ("en", "English"), ("", _("The same as my browser"))],
        widget=forms.RadioSelect,
        required=False,
    )
