"""The forms with which a person answers a task by hand: a search, a change, a notice to a recipient."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from exports import labels
from exports.domain.by_hand import CHANGING, OUTCOMES
from exports.domain.enums import TaskAction, TaskState
from exports.models import SystemTask
from exports.services import subject, task_answers, tasks
from requests_app.desk.day_field import day_field
from requests_app.desk.refusable_form import RefusableForm
from requests_app.desk.text_errors import text_errors
from requests_app.domain.grounds import Ground
from requests_app.ground_labels import cited

CANNOT_IDENTIFY = "cannot_identify"


class HandForm(RefusableForm):
    """What every task that a person answers has in common."""

    field_of = {
        "evidence_too_large": "evidence",
        "evidence_type": "evidence",
        "task_evidence_with_nothing": "evidence",
        "task_contact": "contact",
        "task_nothing_shown": "note",
        "task_note_too_long": "note",
        "task_unverified": "note",
        "task_finishes_on": "finishes_on",
        "task_ground": "ground",
        "task_told_how": "note",
        "task_told_on": "told_on",
        "task_not_told": "ground",
        "task_not_told_why": "note",
    }

    def answer(self) -> dict[str, Any]:
        """Return what the service wants, from a valid form."""
        raise NotImplementedError


class SearchForm(HandForm):
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


def _evidence(file: UploadedFile | None) -> tasks.Evidence | None:
    return tasks.Evidence(name=file.name or "", content=file.read()) if file else None


class ChangeForm(HandForm):
    """What became of an order to change something; `version` stops an answer to an order that has changed."""

    outcome = forms.ChoiceField(
        label=_("Result"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a result."), "invalid_choice": _("Choose one of the results.")},
    )
    note = forms.CharField(
        label=_("How you made sure, or what there is to say"),
        help_text=_("For what is done: how you looked again, and what you saw."),
        required=False,
        max_length=task_answers.LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages=text_errors(_("Write how you made sure that it is done.")),
    )
    finishes_on = day_field(_("Done by"), _("Only for what was ordered: the day by which the vendor has done it."))
    ground = forms.ChoiceField(
        label=_("Ground in the law"), help_text=_("Only for what is left as it is."), required=False
    )
    evidence = forms.FileField(
        label=_("File that shows it"),
        help_text=_("PDF, picture, spreadsheet or text, at most 10 MB. It stays with us."),
        required=False,
        error_messages={"empty": _("The file is empty. Choose another one.")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    option_help: ClassVar[dict[str, dict[str, Promise]]] = {
        "outcome": {
            TaskState.DONE.value: _("You have made the change and looked again."),
            TaskState.ACCEPTED.value: _("The vendor does it later, by the day you give below."),
            TaskState.NOT_FOUND.value: _("The system holds nothing of the person that this is about."),
            TaskState.KEPT.value: _("Nothing is changed, on a ground in the law."),
        }
    }

    def __init__(self, task: SystemTask, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        action = TaskAction(task.action)
        outcomes, states = OUTCOMES[action], labels.states_of(action)
        _offer(self, "outcome", [(state.value, states[state]) for state in outcomes])
        if TaskState.KEPT in outcomes and action in CHANGING:
            grounds = [(ground, cited(Ground(ground))) for ground in task_answers.grounds_of(task)]
            _offer(self, "ground", [("", _("Choose a ground")), *grounds])
        else:
            del self.fields["ground"]

    def answer(self) -> dict[str, Any]:
        """Return what the service wants; what does not belong to the outcome is left out."""
        given, state = self.cleaned_data, TaskState(self.cleaned_data["outcome"])
        return {
            "state": state,
            "note": given["note"],
            "evidence": _evidence(given["evidence"]),
            "finishes_on": given["finishes_on"] if state is TaskState.ACCEPTED else None,
            "ground": given.get("ground", "") if state is TaskState.KEPT else "",
            "version": given["version"],
        }


class NoticeForm(HandForm):
    """That a recipient was told, or why not."""

    outcome = forms.ChoiceField(
        label=_("Result"),
        widget=forms.RadioSelect,
        choices=[(state.value, labels.NOTICE_STATES[state]) for state in OUTCOMES[TaskAction.NOTIFY]],
        error_messages={"required": _("Choose a result."), "invalid_choice": _("Choose one of the results.")},
    )
    note = forms.CharField(
        label=_("How the recipient was told, or why not"),
        help_text=_("A reason why not stands in the letter to the person, so write it in the language of the case."),
        required=False,
        max_length=task_answers.LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages=text_errors(_("Write how the recipient was told, or why not.")),
    )
    told_on = day_field(_("Told on"), _("Only for a recipient that was told."))
    ground = forms.ChoiceField(
        label=_("Why not (Article 19)"),
        help_text=_("Only for a recipient that is not told."),
        required=False,
        choices=[("", _("Choose a reason")), *labels.NOT_TOLD.items()],
    )

    def __init__(self, task: SystemTask, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].widget.attrs["lang"] = task.dsr.case.language

    def answer(self) -> dict[str, Any]:
        """Return what the service wants; what does not belong to the outcome is left out."""
        given, state = self.cleaned_data, TaskState(self.cleaned_data["outcome"])
        told = state is TaskState.DONE
        return {
            "state": state,
            "note": given["note"],
            "told_on": given["told_on"] if told else None,
            "ground": "" if told else given["ground"],
        }


def form_for(task: SystemTask, data: Any = None, files: Any = None) -> HandForm:
    """Return the form of a task, with what was typed before or what was sent now."""
    case = task.dsr.case
    if task.action == TaskAction.READ:
        asked_from = case.person_email if subject.is_writer(case) else ""
        return SearchForm(data, files, note_language=case.language, asked_from=asked_from, initial={"note": task.note})
    if task.action == TaskAction.NOTIFY:
        return NoticeForm(task, data, initial={"note": task.note, "told_on": timezone.localdate()})
    return ChangeForm(task, data, files, initial={"note": task.note, "version": case.version})


def _offer(form: forms.Form, name: str, choices: Sequence[tuple[str, Any]]) -> None:
    field: Any = form.fields[name]
    field.choices = choices
