"""The questions of the public form, one page each."""

from typing import Any, ClassVar
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from requests_app.domain.enums import Requester, Right
from requests_app.domain.national_numbers import mask_national_numbers
from requests_app.templatetags.ui import number

from .storable import StorableForm

NOT_SURE = "not_sure"
MAX_TEXT = 20_000
MASKED = _(
    "Your text held what looks like a national identity number. We have replaced it by asterisks, because we do not"
    " need it. Check the text and continue."
)


class OptionsForm(StorableForm):
    """A form whose options carry an explaining line each."""

    option_help: ClassVar[dict[str, dict[str, Promise]]] = {}


class RightForm(OptionsForm):
    """Step 1: what the person wants."""

    rights = forms.MultipleChoiceField(
        label=_("What would you like us to do?"),
        help_text=_("You can choose more than one."),
        choices=[
            (Right.ACCESS.value, _("Show me what data you have about me (access)")),
            (Right.RECTIFICATION.value, _("Correct something that is wrong")),
            (Right.ERASURE.value, _("Delete data about me")),
            (Right.CONSENT_WITHDRAWAL.value, _("Withdraw a consent")),
            (Right.MARKETING_OBJECTION.value, _("Stop marketing to me")),
            (Right.OBJECTION.value, _("Object to how you use data about me")),
            (Right.RESTRICTION.value, _("Limit how you use data about me")),
            (Right.PORTABILITY.value, _("Get my data in a form that another service can read")),
            (Right.COMPLAINT.value, _("Complain about how you treat data about me")),
            (NOT_SURE, _("I am not sure")),
        ],
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose what you would like us to do"),
            "invalid_choice": _("Choose one of the options on the page"),
            "invalid_list": _("Choose what you would like us to do"),
        },
    )
    option_help: ClassVar[dict[str, dict[str, Promise]]] = {
        "rights": {
            Right.ACCESS.value: _("You get a copy as a PDF, and as a file that programs can read."),
            Right.RECTIFICATION.value: _("Tell us what is wrong and what is right."),
            Right.ERASURE.value: _("Some things the law makes us keep, for example accounts."),
            Right.CONSENT_WITHDRAWAL.value: _("For example to newsletters."),
            NOT_SURE: _("Describe it in your own words, and we will work it out."),
        }
    }


class WhoForm(OptionsForm):
    """Step 2: who is asking."""

    requester = forms.ChoiceField(
        label=_("Who is the data about?"),
        choices=[
            (Requester.SELF.value, _("Me")),
            (Requester.REPRESENTATIVE.value, _("Someone who has asked me to act for them")),
            (Requester.GUARDIAN.value, _("My child, or someone I am the guardian of")),
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose who the data is about"),
            "invalid_choice": _("Choose one of the options on the page"),
        },
    )
    name = forms.CharField(
        label=_("Your name"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Write your name"), "max_length": _("The name can have at most 200 characters")},
    )
    concerned_name = forms.CharField(
        label=_("Name of the person the data is about"),
        help_text=_("Only when the data is about somebody else than you."),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": _("The name can have at most 200 characters")},
    )
    concerned_known_as = forms.CharField(
        label=_("How we can find that person"),
        help_text=_("For example their e-mail address or customer number. Do not write a national identity number."),
        required=False,
        max_length=320,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": _("This can have at most 320 characters")},
    )

    def clean_concerned_known_as(self) -> str:
        """Mask national identity numbers before anything is kept."""
        text: str = self.cleaned_data["concerned_known_as"]
        masked, found = mask_national_numbers(text)
        if found:
            self.data = {**self.data, self.add_prefix("concerned_known_as"): masked}
            raise ValidationError(MASKED)
        return text

    def clean(self) -> dict[str, Any]:
        """Ask for the person when it is another; keep nothing about another when it is not."""
        given = super().clean()
        if given.get("requester") == Requester.SELF:
            given |= {"concerned_name": "", "concerned_known_as": ""}
        elif "requester" in given and not given.get("concerned_name") and "concerned_name" not in self.errors:
            self.add_error("concerned_name", _("Write the name of the person the data is about"))
        return given


class DetailsForm(StorableForm):
    """Step 3: what it is about."""

    text = forms.CharField(
        label=_("What is it about?"),
        help_text=_(
            "For example how you know us, which period, or what is wrong. Do not write national identity numbers or"
            " health data."
        ),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
    )

    def __init__(self, *args: Any, must_describe: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["text"]
        field.required = must_describe
        field.error_messages["required"] = _("Describe what it is about, so that we can work out what you need")

    def clean_text(self) -> str:
        """Refuse over-long text with its length, and mask national identity numbers before anything is kept."""
        text: str = self.cleaned_data["text"]
        if len(text) > MAX_TEXT:
            raise ValidationError(
                _("The text can have at most %(limit)s characters; yours has %(length)s"),
                params={"limit": number(MAX_TEXT), "length": number(len(text))},
            )
        masked, found = mask_national_numbers(text)
        if found:
            self.data = {**self.data, self.add_prefix("text"): masked}
            raise ValidationError(MASKED)
        return text


class ContactForm(OptionsForm):
    """Step 4: where and in which language the answer goes."""

    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("We send a confirmation with a link where you can follow your case."),
        max_length=320,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Write your e-mail address"),
            "invalid": _("Write the e-mail address like this: name@example.com"),
            "max_length": _("The e-mail address can have at most 320 characters"),
        },
    )
    phone = forms.CharField(
        label=_("Phone number"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel", "class": "medium"}),
        error_messages={"max_length": _("The phone number can have at most 40 characters")},
    )
    language = forms.ChoiceField(
        label=_("In which language shall we answer?"),
        choices=[("nb", "Norsk bokmål"), ("en", "English")],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose a language"),
            "invalid_choice": _("Choose one of the options on the page"),
        },
    )


class ReplyForm(StorableForm):
    """A message of the person on the status page; `key` guards against a double click."""

    text = forms.CharField(
        label=_("Write to us"),
        help_text=_("Do not write national identity numbers or health data."),
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={
            "required": _("Write a message first"),
            "max_length": _("The message can have at most 20,000 characters"),
        },
    )
    key = forms.RegexField(r"^[0-9a-f]{32}$", required=False, widget=forms.HiddenInput)

    @classmethod
    def blank(cls) -> "ReplyForm":
        """Return an empty form for one message."""
        return cls(initial={"key": uuid4().hex})


class RenewForm(StorableForm):
    """Ask for a new status link."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=320,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Write your e-mail address"),
            "invalid": _("Write the e-mail address like this: name@example.com"),
        },
    )
