"""Where a person types in a one-time code, by whatever way it came."""

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from identity.domain.enums import CodeState
from identity.services.codes import CodeResult

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

_WORDS = {
    CodeState.EXPIRED: _("The code is too old. Ask for a new one."),
    CodeState.TOO_MANY: _("The code was typed in wrongly too many times. Ask for a new one."),
    CodeState.NONE: _("This code does not work any more. Ask for a new one."),
}


def code_field(
    *, label: "_StrPromise", help_text: "_StrPromise", missing: "_StrPromise", longest: int | None = None
) -> forms.CharField:
    """Return the field of a code; nothing cuts what is pasted with blanks or hyphens (WCAG 3.3.8)."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=longest,
        widget=forms.TextInput(
            attrs={
                "class": "code-input",
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "spellcheck": "false",
            }
        ),
        error_messages={
            "required": missing,
            "max_length": _("The code has eight digits."),
            "null_characters_not_allowed": _("The code has eight digits."),
        },
    )


class RefusableCodeForm(forms.Form):
    """A form with a field `code` that says why a code was not taken."""

    def refuse(self, result: CodeResult) -> None:
        """Say what was wrong with the code, and what helps."""
        if result.state is CodeState.WRONG:
            text = ngettext(
                "The code is not right. You have %(n)d more try.",
                "The code is not right. You have %(n)d more tries.",
                result.tries_left,
            )
            self.add_error("code", text % {"n": result.tries_left})
        else:
            self.add_error("code", _WORDS[result.state])
