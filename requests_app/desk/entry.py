"""The page on which staff write down a call, a letter or a visit."""

from datetime import datetime, time
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from requests_app.domain.enums import Channel, Requester, Right
from requests_app.domain.errors import ActionRefused
from requests_app.labels import CHANNELS, REQUESTERS, RIGHTS
from requests_app.permissions import Permission, requires, staff
from requests_app.services import clock, intake, staff_entry

from . import inbox
from .refusable_form import RefusableForm
from .text_errors import UNSTORABLE

NOT_SURE = "not_sure"
INVALID = 422
LONGEST_TEXT = 20_000


class EntryForm(RefusableForm):
    """What was said, by whom, when, and how the person can be reached; `key` makes two clicks one case."""

    field_of = {
        "receipt_in_future": "received_on",
        "receipt_too_old": "received_on",
        "nobody_to_reach": "email",
        "evidence_type": "evidence",
        "evidence_too_large": "evidence",
    }

    channel = forms.ChoiceField(
        label=_("How did it reach us?"),
        choices=[(channel.value, CHANNELS[channel]) for channel in staff_entry.CHANNELS_OF_STAFF],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how it reached us."), "invalid_choice": _("There is no such channel.")},
    )
    received_on = forms.DateField(
        label=_("Day"),
        help_text=_("The day of the talk, or the day the letter arrived. The clock starts on it."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "short"}),
        error_messages={"required": _("Give the day."), "invalid": _("Write the day like this: 2026-12-31.")},
    )
    received_time = forms.TimeField(
        label=_("Time of day"),
        required=False,
        input_formats=["%H:%M", "%H.%M", "%H:%M:%S"],
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "short"}),
        error_messages={"invalid": _("Write the time like this: 14:30.")},
    )
    name = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": _("The name can have at most 200 characters")},
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        max_length=320,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"invalid": _("Write an e-mail address in full, such as name@example.com.")},
    )
    phone = forms.CharField(
        label=_("Phone number"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel", "class": "medium"}),
        error_messages={"max_length": _("The phone number can have at most 40 characters")},
    )
    address = forms.CharField(
        label=_("Postal address"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        error_messages={"null_characters_not_allowed": UNSTORABLE},
    )
    unreachable = forms.CharField(
        label=_("If there is no way to reach the person: why?"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": _("The text can be up to %(limit_value)d characters long.")},
    )
    requester = forms.ChoiceField(
        label=_("Who is asking?"),
        choices=[(requester.value, REQUESTERS[requester]) for requester in Requester],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who is asking."), "invalid_choice": _("Choose who is asking.")},
    )
    rights = forms.MultipleChoiceField(
        label=_("Which rights is it about?"),
        choices=[*((right.value, RIGHTS[right]) for right in Right), (NOT_SURE, _("Not sure"))],
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose at least one right, or “not sure”."),
            "invalid_choice": _("There is no such right."),
        },
    )
    text = forms.CharField(
        label=_("What was said or written?"),
        help_text=_("In the person’s own words as far as you can. The person may read it one day."),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={
            "required": _("Write what was said."),
            "max_length": _("The text can be up to %(limit_value)d characters long; this one has %(show_value)d."),
            "null_characters_not_allowed": UNSTORABLE,
        },
    )
    language = forms.ChoiceField(
        label=_("We answer in"),
        choices=[("nb", _("Norwegian (Bokmål)")), ("en", _("English"))],
        widget=forms.Select(attrs={"class": "short"}),
    )
    evidence = forms.FileField(
        label=_("Scan or picture"),
        help_text=_("PDF, picture, spreadsheet or text, at most 10 MB. After an error, choose the file once more."),
        required=False,
        error_messages={"empty": _("The file is empty. Choose another one.")},
    )
    taken_by = forms.CharField(
        label=_("Who took it?"),
        max_length=200,
        error_messages={"required": _("Write who took the call, opened the letter or met the person.")},
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def entry(self) -> staff_entry.Entry:
        """Return the entry of a valid form; a day without a time begins at midnight."""
        given = self.cleaned_data
        rights = [Right(code) for code in given["rights"] if code != NOT_SURE]
        moment = datetime.combine(given["received_on"], given["received_time"] or time.min, clock.calendar().zone)
        return staff_entry.Entry(
            channel=Channel(given["channel"]),
            received_at=moment,
            person=intake.Person(
                name=given["name"],
                email=given["email"],
                phone=given["phone"],
                address=given["address"],
                requester=Requester(given["requester"]),
            ),
            rights=rights,
            text=given["text"],
            language=given["language"],
            taken_by=given["taken_by"],
            unreachable=given["unreachable"],
            evidence=_file(given["evidence"]),
        )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.SORT)
def enter(request: HttpRequest) -> HttpResponse:
    """Show the form, or make the case and go there."""
    if request.method != "POST":
        return _page(request, EntryForm(initial=_initial(request)))
    form = EntryForm(request.POST, request.FILES)
    if form.is_valid():
        key: UUID = form.cleaned_data["key"]
        try:
            case = staff_entry.enter(form.entry(), key=key, user=staff(request))
            messages.success(request, gettext("Recorded. The clock of the case starts on the day you gave."))
            return redirect("requests:desk:case", case.reference)
        except ActionRefused as refused:
            form.refuse(refused.reason)
    return _page(request, form, code=INVALID)


def _initial(request: HttpRequest) -> dict[str, Any]:
    now = timezone.now().astimezone(clock.calendar().zone)
    return {
        "received_on": now.date(),
        "received_time": now.time(),
        "requester": Requester.SELF.value,
        "language": "nb",
        "taken_by": staff(request).name,
        "key": uuid4(),
    }


def _page(request: HttpRequest, form: EntryForm, *, code: int = 200) -> HttpResponse:
    context = {"form": form, "views": inbox.views(None, staff(request))}
    return render(request, "requests_app/desk/entry.html", context, status=code)


def _file(file: UploadedFile | None) -> tuple[str, bytes] | None:
    return (file.name or "", file.read()) if file else None
