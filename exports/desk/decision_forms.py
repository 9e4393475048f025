"""The forms with which an answer is decided on."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from exports.services import second_look
from exports.services.letters import NEEDS_FINDINGS
from requests_app.desk.text_errors import text_errors
from requests_app.domain.enums import Outcome, Right
from requests_app.domain.grounds import GROUNDS, Ground
from requests_app.domain.outcomes import outcomes_of
from requests_app.ground_labels import cited
from requests_app.labels import OUTCOMES
from requests_app.models import DataSubjectRequest, Decision
from requests_app.services import unverified

from . import outcome_words as words

LONGEST_REASONING = 8000
LONGEST_REASON = 2000
LONGEST_MISSING = 500
LONGEST_NOTE = 4000


def why_alone() -> forms.CharField:
    """Return the field in which whoever handled the matter of a complaint says why nobody else answers it."""
    return forms.CharField(
        label=_("Why you answer this complaint yourself"),
        help_text=_("You handled the matter, and nobody else can. Kept as an internal note."),
        max_length=second_look.LONGEST_WHY,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages=text_errors(_("Say why nobody else answers the complaint.")),
    )


class OutcomeForm(forms.Form):
    """Outcome, grounds and reasons; `version` stops a step on top of what somebody else did meanwhile."""

    outcome = forms.ChoiceField(
        label=_("Outcome"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose an outcome."), "invalid_choice": _("Choose one of the outcomes.")},
    )
    grounds = forms.MultipleChoiceField(
        label=_("Grounds in the law"),
        help_text=_("Only for a part and a refusal: the letter names each of them with its article."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Choose grounds from the list.")},
    )
    reasoning = forms.CharField(
        label=_("What is left out, and why"),
        help_text=_(
            "For a part, a refusal, and where somebody else decides: the person reads it in the letter, beside the"
            " grounds. Write about this case, in its language."
        ),
        required=False,
        max_length=LONGEST_REASONING,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages=text_errors(_("Say what is left out, and why.")),
    )
    why_alone = why_alone()
    version = forms.IntegerField(widget=forms.HiddenInput)
    option_help: dict[str, dict[str, Promise]]

    def __init__(self, dsr: DataSubjectRequest, *args: Any, alone: bool = False, **kwargs: Any) -> None:
        """Offer the outcomes and grounds that can be said of the right, with what was chosen before.

        `alone`: whoever handled the matter of a complaint answers it, and says why.
        """
        super().__init__(*args, **{"auto_id": f"outcome-{dsr.pk}-%s"} | kwargs)
        right = Right(dsr.right)
        fitting = [outcome for outcome in Outcome if outcome in outcomes_of(right)]
        if unverified.why_not_close(dsr):
            fitting = [outcome for outcome in fitting if outcome is not Outcome.CLOSED_UNVERIFIED]
        choice: Any = self.fields["outcome"]
        choice.choices = [(outcome.value, OUTCOMES[outcome]) for outcome in fitting]
        self._offer_grounds(right)
        if not alone:
            del self.fields["why_alone"]
        if right in NEEDS_FINDINGS:
            self.fields["reasoning"].label = _("What we found, and why")
            self.fields["reasoning"].help_text = _("The person reads it in the letter, in the language of the case.")
        self.fields["reasoning"].widget.attrs["lang"] = dsr.case.language
        self.option_help = {"outcome": words.outcome_help(right), "grounds": words.ground_help(right)}

    def _offer_grounds(self, right: Right) -> None:
        """Offer what the law knows for a right."""
        choice: Any = self.fields["grounds"]
        choice.choices = [(ground.value, cited(ground, right)) for ground in GROUNDS[right]]
        if not GROUNDS[right]:
            del self.fields["grounds"]

    @property
    def chosen_grounds(self) -> list[Ground]:
        """The grounds that were ticked."""
        return [Ground(code) for code in self.cleaned_data.get("grounds", ())]

    @classmethod
    def blank(cls, dsr: DataSubjectRequest, decision: Decision | None, *, alone: bool) -> "OutcomeForm":
        """Return the form of a draft as it stands."""
        given = (
            {} if decision is None else {name: getattr(decision, name) for name in ("outcome", "grounds", "reasoning")}
        )
        return cls(dsr, initial=given | {"version": dsr.case.version}, alone=alone)


class ReleaseAloneForm(forms.Form):
    """Why whoever handled the matter of a complaint releases its answer."""

    why_alone = why_alone()

    def __init__(self, dsr: DataSubjectRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": f"release-{dsr.pk}-%s"} | kwargs)


class SendBackForm(forms.Form):
    """Why a draft goes back; kept as an internal note."""

    note = forms.CharField(
        label=_("What has to be changed"),
        help_text=_("Kept as an internal note. Is never sent to the person."),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3, "class": "compose-note"}),
        error_messages=text_errors(_("Say what has to be changed.")),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, dsr: DataSubjectRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": f"back-{dsr.pk}-%s"} | kwargs)


class OverrideForm(forms.Form):
    """The decision-maker lets the answer go although something is missing."""

    reason = forms.CharField(
        label=_("Why the answer goes out all the same"),
        help_text=_("Kept with the decision. Is not sent to the person."),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages=text_errors(_("Give the reason.")),
    )
    missing = forms.CharField(
        label=_("What is missing"),
        help_text=_(
            "Ends the sentence “We are still missing data about …” in the letter, in the language of the case."
        ),
        max_length=LONGEST_MISSING,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages=text_errors(_("Say what is missing.")),
    )
    promised_on = forms.DateField(
        label=_("The person has it no later than"),
        help_text=_("Stands in the letter as a promise."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "short"}),
        input_formats=["%Y-%m-%d", "%d.%m.%Y"],
        error_messages={
            "required": _("Give the day on which the person has the rest."),
            "invalid": _("Write the day like 2.12.2026."),
        },
    )

    def __init__(self, dsr: DataSubjectRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["missing"].widget.attrs["lang"] = dsr.case.language
