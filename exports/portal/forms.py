"""The form for the one-time code."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from identity.domain.enums import CodeState
from identity.services.codes import CodeResult

_WORDS = {
    CodeState.EXPIRED: _("The code is too old. Ask for a new one."),
    CodeState.TOO_MANY: _("The code was typed in wrongly too many times. Ask for a new one."),
    CodeState.NONE: _("This code does not work any more. Ask for a new one."),
}


class CodeForm(forms.Form):
    """Eight digits, typed or pasted; blanks and hyphens do no harm."""

    code = forms.CharField(
        label=_("One-time code"),
        help_text=_("Eight digits from the e-mail we sent you. The code works for 15 minutes."),
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "class": "code-input",
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "spellcheck": "false",
            }
        ),
        error_messages={
            "required": _("Type in the code from the e-mail."),
            "max_length": _("The code has eight digits."),
            "null_characters_not_allowed": _("The code has eight digits."),
        },
    )

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
