"""The forms of the set-up: one question each, in the shape that its answer needs."""

from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from exports.domain import register as domain
from exports.domain.register_setup import DPO, NOT_IN, Question
from exports.services import register_setup

from .register_forms import FillForm, initial_of
from .register_page import title_of


class FieldForm(FillForm):
    """A field of the register without a reason of its own: every answer of the set-up has the same one."""

    def __init__(self, *args: Any, question: Question, **kwargs: Any) -> None:
        """Leave out the reason."""
        super().__init__(*args, **kwargs)
        self.question = question
        del self.fields["reason"]

    def clean_nb(self) -> str:
        """Refuse what the settings of the organisation have no room for."""
        text = str(self.cleaned_data["nb"])
        if not register_setup.fits(self.question, text):
            raise forms.ValidationError(_("This is too long."))
        return text


class NoneOfForm(forms.Form):
    """The activities in which something does not happen."""

    ids = forms.MultipleChoiceField(
        label=_("In which of these activities"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one, or skip the question.")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        """Offer the activities of which nobody has said it."""
        super().__init__(*args, **kwargs)
        field = self.fields["ids"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - for the type checker
        field.choices = choices


class PageForm(forms.Form):
    """The address of a page of the website, with that of its English version where there is one."""

    nb = forms.URLField(label=_("Address of the page"), max_length=500, assume_scheme="https")
    en = forms.URLField(
        label=_("Address of the English page"),
        help_text=_("Only if it is another one."),
        max_length=500,
        required=False,
        assume_scheme="https",
    )

    def page(self) -> dict[str, str]:
        """Return the address in both languages."""
        nb = str(self.cleaned_data["nb"])
        return {"nb": nb, "en": str(self.cleaned_data["en"] or nb)}


def form_for(
    question: Question, current: domain.Register, number: int, language: str, data: Any = None
) -> FieldForm | NoneOfForm | PageForm:
    """Return the form of a question, as version `number` of the register lets it be answered."""
    if question.key in register_setup.PAGES:
        return PageForm(data)
    if question.key in NOT_IN:
        choices = [(one, title_of(current, f"activities.{one}", language)) for one in question.activities]
        return NoneOfForm(data, choices=choices, initial={"version": number})
    field = domain.field_at(current, question.key)
    if question.key == DPO:
        field = replace(field, kind=domain.Kind.ANSWER)
    known = register_setup.suggestion(question)
    suggested = {"nb": known, "en": known, "choice": "words"} if known else {}
    initial = {**initial_of(domain.value_at(current, question.key)), **suggested, "version": number}
    return FieldForm(data, current=current, field=field, language=language, question=question, initial=initial)
