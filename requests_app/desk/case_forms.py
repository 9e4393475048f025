"""The forms of the case page."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from requests_app import selectors
from requests_app.domain.enums import Direction, Right
from requests_app.labels import INTENTS, RIGHTS
from requests_app.models import Case
from requests_app.services import roster
from requests_app.templatetags.ui import day

from . import absence_words
from .text_errors import text_errors

LONGEST_SUBJECT = 200
LONGEST_MESSAGE = 20_000
LONGEST_NOTE = 10_000


class SeveralFiles(forms.FileInput):
    """An input for several files at once."""

    allow_multiple_selected = True


class MessageForm(forms.Form):
    """A message to the person; `version` guards against writing on top of news, `key` against a double click.

    What is chosen as `upload` is kept under the `key` by itself (`reply.keep_files`), so that no error loses it.
    """

    subject = forms.CharField(
        label=_("Subject"),
        max_length=LONGEST_SUBJECT,
        error_messages=text_errors(_("Write a subject.")),
    )
    body = forms.CharField(
        label=_("Message"),
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 9}),
        error_messages=text_errors(_("Write a message.")),
    )
    upload = forms.FileField(
        label=_("Files"),
        help_text=_("PDF, picture, spreadsheet, document or text. At most 10 files, 10 MB each and 15 MB together."),
        required=False,
        widget=SeveralFiles,
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    key = forms.RegexField(r"^[0-9a-f]{32}$", widget=forms.HiddenInput)


class NoteForm(forms.Form):
    """An internal note."""

    text = forms.CharField(
        label=_("Note for colleagues"),
        help_text=_("Is never sent to the person."),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 4, "class": "compose-note"}),
        error_messages=text_errors(_("Write a note.")),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    @classmethod
    def blank(cls, case: Case) -> "NoteForm":
        """Return an empty form for a case as it is now."""
        return cls(initial={"version": case.version}, auto_id="note-%s")


class AssignForm(forms.Form):
    """Who has the case; nobody is a choice, too."""

    assignee = forms.TypedChoiceField(label=_("Handler"), required=False, coerce=int, empty_value=None)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial, auto_id="assign-%s")
        field = self.fields["assignee"]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101 - for the type checker
        today = roster.today()
        people = ((member.pk, absence_words.named(member, today)) for member in selectors.handlers())
        field.choices = [("", _("Nobody")), *people]


class RightForm(forms.Form):
    """Which right a request is about that came in as "not sure"."""

    right = forms.ChoiceField(
        label=_("What does the person ask for?"),
        choices=[("", _("Choose")), *((right.value, RIGHTS[right]) for right in Right)],
        error_messages={"required": _("Choose a right."), "invalid_choice": _("There is no such right.")},
    )


class AddRightForm(RightForm):
    """One more right, and the message in which the person asks for it (that day starts its clock)."""

    asked_in = forms.TypedChoiceField(
        label=_("Asked for in"),
        coerce=int,
        error_messages={
            "required": _("Choose a message."),
            "invalid_choice": _("This message is not one of the person’s on this case."),
        },
    )

    def __init__(self, case: Case, data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="add-%s")
        rows = case.messages.filter(direction=Direction.IN.value).defer("body").order_by("created_at", "id")
        field = self.fields["asked_in"]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101 - for the type checker
        field.choices = [(row.pk, f"{INTENTS[row.intent]}, {day(row.created_at)}") for row in rows]


class WhyForm(forms.Form):
    """Why a request is sent back or opened again."""

    note = forms.CharField(
        label=_("Why?"),
        help_text=_("Is kept as an internal note."),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages=text_errors(_("Write why.")),
    )


class AnsweredForm(forms.Form):
    """The day on which the answer to our question came."""

    answered_on = forms.DateField(
        label=_("On what day did the answer come?"),
        help_text=_("From that day on we no longer wait."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "short"}),
        error_messages={
            "required": _("Give the day."),
            "invalid": _("Write the day like this: 2026-12-31."),
        },
    )

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="answered-%s")
