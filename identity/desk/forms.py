"""Forms of the staff: accounts and the login."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from identity.domain import mails
from identity.labels import ROLE_HELP
from identity.models import User
from requests_app.desk.day_field import day_field
from requests_app.domain.enums import Role, StaffNotice
from requests_app.labels import ROLES, STAFF_NOTICES

MAX_PASSWORD = 256
MAX_ANSWER = 30_000  # of a passkey, as JSON; the largest ones carry certificates


def _password(autocomplete: str, **options: Any) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(max_length=MAX_PASSWORD, strip=False, widget=widget, **options)


def _code(**options: Any) -> forms.CharField:
    attributes = {
        "autocomplete": "one-time-code",
        "inputmode": "numeric",
        "class": "code-input",
        "spellcheck": "false",
    }
    return forms.CharField(
        label=_("Code from the app"),
        help_text=_("Six digits. The app shows a new code every 30 seconds."),
        max_length=20,
        widget=forms.TextInput(attrs=attributes),
        **options,
    )


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

    code = _code()


def _recovery_code(**options: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"})
    return forms.CharField(
        label=_("Recovery code"),
        help_text=_("Twelve letters and digits, as they stand on your list. Each works once."),
        max_length=40,
        widget=widget,
        **options,
    )


class RecoveryForm(forms.Form):
    """A recovery code; capitals, spaces and dashes do not matter."""

    recovery = _recovery_code()


class PasskeyForm(forms.Form):
    """What a passkey answered, as a script wrote it into the form."""

    passkey = forms.CharField(max_length=MAX_ANSWER, widget=forms.HiddenInput)


class NewPasskeyForm(PasskeyForm):
    """A new passkey, and how its owner will know it from others."""

    name = forms.CharField(
        label=_("Name of the passkey"),
        help_text=_("For yourself, such as “laptop” or “key in the drawer”."),
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class AgainForm(forms.Form):
    """The second factor once more, beside the fields of a form that waits: any one of the three ways."""

    prefix = "factor"

    code = _code(required=False)
    recovery = _recovery_code(required=False)
    passkey = forms.CharField(required=False, max_length=MAX_ANSWER, widget=forms.HiddenInput)


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
    emergency = forms.BooleanField(
        label=_("Emergency approver outside the team"),
        help_text=_(
            "Can log in and approve only while fewer than two other approvers are there. Decision-makers and the data"
            " protection officer are told each time."
        ),
        required=False,
    )
    field_order = ["email", "roles", "emergency"]


class LanguageForm(forms.Form):
    """In which language somebody works; blank follows the browser."""

    language = forms.ChoiceField(
        label=_("Language"),
        choices=[("nb", "Norsk bokmål"), ("en", "English"), ("", _("The same as my browser"))],
        widget=forms.RadioSelect,
        required=False,
    )


class AbsenceForm(forms.Form):
    """From when to when somebody is away, and who stands in."""

    away_from = day_field(_("First day away"), _("Leave it empty if there is no absence."))
    away_until = day_field(_("Last day away"), _("Leave it empty if nobody knows yet."))
    deputy = forms.TypedChoiceField(
        label=_("Deputy"),
        help_text=_("Gets the mails meanwhile. Without one, everybody who could take the cases gets them."),
        required=False,
        coerce=int,
        empty_value=None,
        error_messages={"invalid_choice": _("This person cannot stand in. Choose somebody else.")},
    )

    def __init__(self, user: User, data: QueryDict | None = None) -> None:
        initial = {"away_from": user.away_from, "away_until": user.away_until, "deputy": user.deputy_id}
        super().__init__(data, initial=initial, auto_id="absence-%s")
        others = [(one.pk, one.name) for one in User.objects.filter(is_active=True).exclude(pk=user.pk)]
        field = self.fields["deputy"]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101 - for the type checker
        field.choices = [("", _("Nobody")), *sorted(others, key=lambda one: one[1])]


class MailsForm(forms.Form):
    """Which mails somebody gets, and which of them can wait for the morning."""

    digest = forms.BooleanField(
        label=_("A mail on working days, in the morning, about what is urgent"),
        help_text=_(
            "None comes when there is nothing to say. Without it nobody tells you what should be done by when on the "
            "way to an answer, such as the last day to decide on an extension."
        ),
        required=False,
    )
    only_in_digest = forms.TypedMultipleChoiceField(
        label=_("What can wait for that mail"),
        help_text=_("Everything else comes at once."),
        required=False,
        coerce=StaffNotice,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, user: User, data: QueryDict | None = None) -> None:
        super().__init__(
            data, initial={"digest": user.wants_digest, "only_in_digest": user.only_in_digest}, auto_id="mails-%s"
        )
        field = self.fields["only_in_digest"]
        assert isinstance(field, forms.TypedMultipleChoiceField)  # noqa: S101 - for the type checker
        field.choices = [(notice.value, STAFF_NOTICES[notice]) for notice in mails.choosable(user.roles)]
