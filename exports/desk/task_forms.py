"""The form with which a person answers a task by hand."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from exports.domain.enums import TaskState
from exports.services import tasks
from requests_app.domain.errors import ActionRefused
from requests_app.reasons import sentence

CANNOT_IDENTIFY = "cannot_identify"
_FIELD_OF_REASON = {
    "evidence_too_large": "evidence",
    "evidence_type": "evidence",
    "task_evidence_with_nothing": "evidence",
    "task_contact": "contact",
    "task_nothing_shown": "note",
    "task_note_too_long": "note",
}


class TaskForm(forms.Form):
    """What was found; which of the three outcomes it is, the button says."""

    note = forms.CharField(
        label=_("What you searched by and what you found"),
        help_text=_("The person reads this in the answer, so write it in the language of the case."),
        required=False,
        max_length=tasks.LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    evidence = forms.FileField(
        label=_("File with what you found"),
        help_text=_("PDF, picture, spreadsheet or text, at most 10 MB. It becomes part of the answer."),
        required=False,
        error_messages={"empty": _("The file is empty. Choose another one.")},
    )
    contact = forms.EmailField(
        label=_("E-mail address the system holds of the person"),
        help_text=_("Write it whenever you found one. The answer goes only to an address that a system holds."),
        required=False,
        max_length=320,
        widget=forms.EmailInput(attrs={"class": "medium", "autocomplete": "off"}),
        error_messages={"invalid": _("Write an e-mail address in full, such as name@example.com.")},
    )

    same_address = forms.BooleanField(required=False)

    def __init__(self, *args: Any, note_language: str, asked_from: str, **kwargs: Any) -> None:
        """`note_language`: the language of the case, in which the note is written; `asked_from`: the address in the
        request where it may be the person's own, otherwise empty.
        """
        super().__init__(*args, **kwargs)
        self.fields["note"].widget.attrs["lang"] = note_language
        self._asked_from = asked_from
        if asked_from:
            self.fields["same_address"].label = _("The system holds the address in the request, %(address)s") % {
                "address": asked_from
            }
        else:
            del self.fields["same_address"]

    def clean(self) -> dict[str, Any]:
        """Take one address: that of the request, or another one."""
        given = super().clean() or {}
        if given.get("same_address"):
            if given.get("contact"):
                self.add_error("contact", _("Write another address or tick the box below, not both."))
            given["contact"] = self._asked_from
        return given

    def answer(self) -> dict[str, Any]:
        """Return what the service wants, from a valid form; a button that is not ours counts as "found"."""
        pressed = self.data.get("outcome")
        found = pressed not in (TaskState.NOT_FOUND, CANNOT_IDENTIFY)
        return {
            "state": TaskState.DONE if found else TaskState.NOT_FOUND,
            "cannot_identify": pressed == CANNOT_IDENTIFY,
            "note": self.cleaned_data["note"],
            "contact": self.cleaned_data["contact"],
            "evidence": _evidence(self.cleaned_data["evidence"]),
        }

    def refuse(self, error: ActionRefused) -> None:
        """Show a refusal of the service beside the field it is about."""
        self.add_error(_FIELD_OF_REASON.get(error.reason.code), str(sentence(error.reason)))


def _evidence(file: UploadedFile | None) -> tasks.Evidence | None:
    return tasks.Evidence(name=file.name or "", content=file.read()) if file else None
