"""The form that edits the organisation. It checks nothing itself: the rules are those of the file."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from requests_app.domain import organisation as domain
from requests_app.domain.marked_yaml import Json, Problem
from requests_app.labels import COUNTRIES

from .organisation_page import GROUPS, LABELS
from .text_errors import UNSTORABLE, text_errors

LISTS = ("own_addresses", "own_domains", "own_mail_hosts", "authserv_ids")  # one a line
IN_BOTH = ("privacy_page", "cookie_page")
LANGUAGES = {
    "nb en": _("Norwegian and English; Norwegian when nothing else is known"),
    "en nb": _("English and Norwegian; English when nothing else is known"),
    "nb": _("Norwegian only"),
    "en": _("English only"),
}
AUTHORITY: dict[str, Promise] = {
    "name_nb": _("Name in Norwegian"),
    "name_en": _("Name in English"),
    "website": _("Website"),
}
HELP: dict[str, Promise] = {
    "dpo": _("Leave it empty if there is none."),
    "time_zone": _("Such as Europe/Oslo. Each day ends at its midnight."),
    "policy_days": _("From 1 to 90. The time that the law gives is never exceeded."),
    "own_addresses": _("One a line. Mail to them counts as received by us."),
    "own_domains": _("One a line."),
    "own_mail_hosts": _("One a line. What they say of the arrival of a mail is believed."),
    "authserv_ids": _("One a line."),
    "keeps_corrections": _(
        "Kept are the words of such a mail without its history, what was guessed and what you said. Addresses, numbers "
        "and names are masked as far as plain means go, so some may remain. Each is deleted after 90 days, all of them "
        "at once when you switch this off. Whoever runs the server can take them out to train the triage; nobody else "
        "sees them, and nothing leaves this installation."
    ),
    "asks_own_data": _(
        "Where who asks is doubted, three questions about what our systems hold are asked: on the phone after calling "
        "a number on file, or on the page behind the link to the address on file. Two right answers do. Expected "
        "answers are kept as keyed hashes for 30 days at most, given ones never."
    ),
    "reason": _("Stays beside this version of the settings."),
}
_LONGEST = 10_000

# The codes of `domain.organisation` in words.
PROBLEMS: dict[str, Promise] = {
    "missing": _("This field is required."),
    "twice": _("“%(value)s” stands here twice."),
    "too_long": _("This can be at most %(value)s characters long."),
    "out_of_range": _("Write a whole number from 1 to 90."),
    "country": _("Choose one of the countries whose holidays are known."),
    "time_zone": _("No time zone is called “%(value)s”. Write it like this: Europe/Oslo."),
    "language": _("Choose the languages."),
    "host": _("“%(value)s” is not the name of a server."),
    "domain": _("“%(value)s” is not a domain. Write it like this: example.com."),
    "address": _("“%(value)s” is not an e-mail address. Write it in full, such as name@example.com."),
    "web_address": _("“%(value)s” is not the address of a page. Begin it with https://."),
    "not_own": _("Write this address among our own addresses, too. Otherwise we would answer our own mail."),
    "not_ours": _("This address is neither one of our own nor of one of our own domains."),
}


def _text(*, required: bool = False, rows: int = 0) -> forms.CharField:
    """A text that the domain looks at; Django only says what is empty or cannot be stored."""
    return forms.CharField(
        required=required,
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"null_characters_not_allowed": UNSTORABLE},
    )


class OrganisationForm(forms.Form):
    """All settings, and why they are changed. `version` is the one the reader saw, `seen` the effect that was shown."""

    name = _text(required=True)
    legal_entity_name = _text()
    org_number = _text()
    postal_address = _text(rows=3)
    dpo = _text()
    country = forms.ChoiceField(
        choices=lambda: sorted(COUNTRIES.items(), key=lambda item: str(item[1])),
        widget=forms.Select(attrs={"class": "medium"}),
        error_messages={"invalid_choice": _("Choose one of the countries whose holidays are known.")},
    )
    time_zone = _text(required=True)
    policy_days = _text(required=True)
    languages = forms.ChoiceField(
        choices=list(LANGUAGES.items()),
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose the languages.")},
    )
    rights_contact = _text(required=True)
    from_address = _text(required=True)
    own_addresses = _text(required=True, rows=3)
    own_domains = _text(rows=3)
    own_mail_hosts = _text(rows=3)
    authserv_ids = _text(rows=3)
    privacy_page_nb = _text()
    privacy_page_en = _text()
    cookie_page_nb = _text()
    cookie_page_en = _text()
    supervisory_authority_name_nb = _text(required=True)
    supervisory_authority_name_en = _text(required=True)
    supervisory_authority_postal_address = _text(required=True)
    supervisory_authority_website = _text(required=True)
    keeps_corrections = forms.BooleanField(required=False)
    asks_own_data = forms.BooleanField(required=False)
    reason = forms.CharField(
        label=_("Why the settings are changed"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages=text_errors(_("Say why the settings are changed.")),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.help_text = str(HELP.get(name, ""))
            if _key_of(name):
                field.label = _label(name)
                field.error_messages["required"] = str(PROBLEMS["missing"])
        self.fields["policy_days"].widget.attrs |= {"inputmode": "numeric", "class": "short"}

    def groups(self) -> list[tuple[str, Promise, list[BoundField]]]:
        """Return anchor, title and fields of each group, in the order of the page."""
        return [
            (anchor, title, [field for field in self.visible_fields() if _key_of(field.name) in keys])
            for anchor, title, keys in GROUPS
        ]

    def clean(self) -> dict[str, Any]:
        """Check the whole as the file is checked, and say what is wrong beside each field."""
        cleaned = super().clean() or {}
        try:
            domain.from_json(self.given())
        except domain.OrganisationError as error:
            for problem in error.problems:
                self._blame(problem)
        return cleaned

    def given(self) -> dict[str, Json]:
        """Return what was written as the mapping of the file."""
        typed = {name: str(self.cleaned_data.get(name) or "").replace("\r\n", "\n").strip() for name in self.fields}
        data: dict[str, Json] = {key: typed[key] or None for key in domain.KEYS if key in typed}
        data |= {key: bool(self.cleaned_data.get(key)) for key in ("keeps_corrections", "asks_own_data")}
        data |= {"schema": domain.SCHEMA, "languages": list(typed["languages"].split())}
        data |= {key: _lines(typed[key]) for key in LISTS}
        data |= {key: _both(typed, key) for key in IN_BOTH}
        if typed["policy_days"].isdecimal():
            data["policy_days"] = int(typed["policy_days"])
        authority = "supervisory_authority"
        data[authority] = {
            "name": {"nb": typed[f"{authority}_name_nb"], "en": typed[f"{authority}_name_en"]},
            "postal_address": typed[f"{authority}_postal_address"],
            "website": typed[f"{authority}_website"],
        }
        return data

    def _blame(self, problem: Problem) -> None:
        """Put a problem beside the field it is about, unless Django found that field wrong already."""
        name = problem.key.replace(".", "_")
        if name in IN_BOTH:
            name += "_nb" if self.cleaned_data.get(f"{name}_nb") == problem.value else "_en"
        if name not in self.errors:
            words = PROBLEMS.get(problem.code, PROBLEMS["missing"])
            self.add_error(name if name in self.fields else None, str(words) % {"value": problem.value})


def initial_of(settings: Mapping[str, Json]) -> dict[str, Any]:
    """Return the settings in force as the form holds them."""
    initial: dict[str, Any] = {}
    for key, value in settings.items():
        if isinstance(value, list):
            initial[key] = (" " if key == "languages" else "\n").join(map(str, value))
        elif isinstance(value, Mapping):
            initial |= {f"{key}_{part}": text for part, text in _flat(value)}
        else:
            initial[key] = value
    return initial


def _flat(value: Mapping[str, Json]) -> Iterable[tuple[str, Json]]:
    for part, text in value.items():
        if isinstance(text, Mapping):
            yield from ((f"{part}_{deeper}", last) for deeper, last in _flat(text))
        else:
            yield part, text


def _label(name: str) -> str:
    key = _key_of(name)
    part = name.removeprefix(key)
    if part in ("_nb", "_en"):
        words = gettext("%(what)s, in Norwegian") if part == "_nb" else gettext("%(what)s, in English")
        return words % {"what": LABELS[key]}
    return str({**LABELS, **AUTHORITY}[part.removeprefix("_") or key])


def _key_of(name: str) -> str:
    """The setting that a field belongs to."""
    return next((key for key in domain.KEYS if name == key or name.startswith(f"{key}_")), "")


def _lines(text: str) -> list[Json]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _both(typed: Mapping[str, str], key: str) -> Json:
    nb, en = typed[f"{key}_nb"], typed[f"{key}_en"]
    return {"nb": nb, "en": en} if nb or en else None
