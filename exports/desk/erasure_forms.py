"""The forms of a deletion: what becomes of one line, a legal hold, what somebody did by hand."""

from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from exports.domain.enums import Measure, TaskState
from exports.domain.erasure_grounds import KEEPING_GROUNDS
from exports.domain.erasure_rules import Decision
from exports.labels import MEASURES
from exports.models import ErasureLine, SystemTask
from exports.services import erasure, erasure_kept, tasks, uses
from exports.services.erasure_by_hand import Answer
from requests_app.desk.day_field import day_field
from requests_app.desk.refusable_form import RefusableForm
from requests_app.desk.text_errors import text_errors
from requests_app.domain.snapshot import Reason
from requests_app.ground_labels import cited
from requests_app.reasons import sentence

from .task_panel import language

OUTSIDE = "outside"
DUTY = "duty:"
LONGEST_HOLD = 500


def _ground() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Ground in the law"),
        help_text=_("Only for what is kept."),
        required=False,
        choices=lambda: [("", "–"), *((ground.value, cited(ground)) for ground in KEEPING_GROUNDS)],
        error_messages={"invalid_choice": _("Choose one of the grounds.")},
    )


def _ground_or_duty() -> forms.ChoiceField:
    """The duties of the register, and the grounds whose end nobody can compute."""
    field = _ground()
    field.label, field.help_text = _("Why it has to stay"), _("Only for what has to stay.")
    field.choices = _duties_and_grounds
    return field


def _duties_and_grounds() -> list[tuple[str, str]]:
    called = uses.names(language())
    duties = [
        (f"{DUTY}{duty.id}", f"{called[duty.id]}: {uses.why_of_duty(duty.id, language())}")
        for duty in erasure_kept.duties()
    ]
    grounds = [ground for ground in KEEPING_GROUNDS if not erasure_kept.needs_duty(ground)]
    return [("", "–"), *duties, *((ground.value, cited(ground)) for ground in grounds)]


class ErasureForm(RefusableForm):
    """A form of a deletion; where it asks for no reason, what is wrong with one is said beside the note."""

    field_of = {
        "erasure_ground_missing": "ground",
        "erasure_duty_missing": "ground",
        "erasure_newest_missing": "newest_on",
        "erasure_duty_over": "newest_on",
        "erasure_end_missing": "kept_until",
        "erasure_end_past": "kept_until",
        "erasure_end_unjustified": "reason",
        "erasure_method_missing": "reason",
        "erasure_reason_missing": "reason",
        "erasure_reason_too_long": "reason",
        "erasure_last_line": "measure",
        "erasure_not_looked": "looked_again",
        "erasure_finish_missing": "finishes_on",
        "order_unchecked": "note",
        "task_note_too_long": "note",
        "evidence_too_large": "evidence",
        "evidence_type": "evidence",
        "hold_reason_missing": "reason",
        "hold_review_past": "review_on",
    }

    def refuse(self, reason: Reason) -> None:
        """Show why the service said no."""
        if self.field_of.get(reason.code) == "reason" and "reason" not in self.fields:
            self.add_error("note", str(sentence(reason)))
        else:
            super().refuse(reason)


class LineForm(ErasureForm):
    """What becomes of one line; `version` stops a step on top of what somebody else did meanwhile."""

    measure = forms.ChoiceField(
        label=_("What becomes of the data"),
        widget=forms.RadioSelect,
        choices=[*((measure.value, MEASURES[measure]) for measure in Measure), (OUTSIDE, _("Leave it out"))],
        error_messages={"required": _("Choose what becomes of the data.")},
    )
    ground = _ground()
    kept_until = day_field(_("Kept until"), _("Only for what is kept."))
    reason = forms.CharField(
        label=_("Why, or how"),
        help_text=_(
            "For what is kept or only stored: why. For what is made anonymous: how. The person reads it in the letter,"
            " in the language of the case."
        ),
        required=False,
        max_length=erasure.LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages=text_errors(_("Say why.")),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    option_help: ClassVar[dict[str, dict[str, Promise]]] = {
        "measure": {
            Measure.DELETE.value: _("The data goes for good."),
            Measure.ANONYMISE.value: _("What is left tells nobody any more who it was about."),
            Measure.KEEP.value: _("The data stays, on a ground in the law, until a certain day."),
            Measure.RESTRICT.value: _("The data is locked and used for nothing but the reason given."),
            OUTSIDE: _("The person did not ask for this part. It stays, and the letter does not speak of it."),
        }
    }

    def __init__(self, row: ErasureLine, *args: Any, end_is_computed: bool, lang: str, **kwargs: Any) -> None:
        """`end_is_computed`: the end follows from a duty and is not asked for; `lang` is that of the case."""
        super().__init__(*args, **kwargs)
        stands = {"measure": row.measure, "ground": row.ground, "kept_until": row.kept_until, "reason": row.reason}
        self.initial = {**stands, **self.initial}
        self.fields["reason"].widget.attrs["lang"] = lang
        if end_is_computed:
            del self.fields["kept_until"]

    @property
    def is_outside(self) -> bool:
        """Whether a valid form takes the line out of the plan."""
        return bool(self.cleaned_data["measure"] == OUTSIDE)

    def decision(self) -> Decision:
        """Return what a valid form decides."""
        given = self.cleaned_data
        return Decision(Measure(given["measure"]), given["ground"], given.get("kept_until"), given["reason"])


class HoldForm(ErasureForm):
    """A legal hold, with the day on which somebody looks at it again."""

    reason = forms.CharField(
        label=_("What claim or dispute the data is needed for"),
        help_text=_("Kept with the case. Is not sent to the person."),
        max_length=LONGEST_HOLD,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages=text_errors(_("Say what claim or dispute the data is needed for.")),
    )
    review_on = forms.DateField(
        label=_("Look at it again by"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "short"}),
        input_formats=["%Y-%m-%d", "%d.%m.%Y"],
        error_messages={
            "required": _("Choose a day in the future on which you look at it again."),
            "invalid": _("Write the day like 2.12.2026."),
        },
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class ByHandForm(ErasureForm):
    """What somebody did in a system that no connector changes."""

    outcome = forms.ChoiceField(
        label=_("What became of the data"),
        widget=forms.RadioSelect,
        choices=[
            (TaskState.DONE.value, _("It is gone")),
            (TaskState.ACCEPTED.value, _("Ordered from the vendor")),
            (TaskState.NOT_FOUND.value, _("There was nothing left")),
            (TaskState.KEPT.value, _("It has to stay")),
        ],
        error_messages={"required": _("Choose what became of the data.")},
    )
    looked_again = forms.BooleanField(
        label=_("I have searched the system once more, and nothing is left of what was to go"), required=False
    )
    finishes_on = day_field(_("Done by the vendor by"), _("Only for what is ordered."))
    ground = _ground_or_duty()
    newest_on = day_field(
        _("Day of the newest document"),
        _("Only for a duty. For bookkeeping it is the day of the last purchase. The end is computed from it."),
    )
    kept_until = day_field(
        _("Kept until"), _("Only for what has to stay without a duty, for example as long as a claim is not settled.")
    )
    note = forms.CharField(
        label=_("Note"),
        help_text=_("How you did it. For what has to stay: why. The person may read it in the letter."),
        required=False,
        max_length=tasks.LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages=text_errors(_("Write a note.")),
    )
    evidence = forms.FileField(
        label=_("File that shows it"),
        help_text=_("PDF, picture, spreadsheet or text, at most 10 MB. It stays with the case."),
        required=False,
        error_messages={"empty": _("The file is empty. Choose another one.")},
    )
    option_help: ClassVar[dict[str, dict[str, Promise]]] = {
        "outcome": {
            TaskState.DONE.value: _("You have done it and looked again."),
            TaskState.ACCEPTED.value: _("The vendor does it later. The letter does not say that it is deleted."),
        }
    }

    def __init__(self, row: SystemTask, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"note": row.note, **self.initial}
        self.fields["note"].widget.attrs["lang"] = row.dsr.case.language

    def answer(self) -> Answer:
        """Return what a valid form says."""
        given = self.cleaned_data
        is_duty = given["ground"].startswith(DUTY)
        return Answer(
            state=TaskState(given["outcome"]),
            note=given["note"],
            looked_again=given["looked_again"],
            finishes_on=given["finishes_on"],
            ground="" if is_duty else given["ground"],
            kept_until=given["kept_until"],
            duty=given["ground"].removeprefix(DUTY) if is_duty else "",
            newest_on=given["newest_on"],
        )

    def file(self) -> tasks.Evidence | None:
        """Return the file of a valid form, if there is one."""
        given = self.cleaned_data["evidence"]
        return tasks.Evidence(name=given.name or "", content=given.read()) if given else None
