"""The form for the one-time code."""

from django.utils.translation import gettext_lazy as _

from identity.portal.code_form import RefusableCodeForm, code_field


class CodeForm(RefusableCodeForm):
    """Eight digits from a mail, typed or pasted; blanks and hyphens do no harm."""

    code = code_field(
        label=_("One-time code"),
        help_text=_("Eight digits from the e-mail we sent you. The code works for 15 minutes."),
        missing=_("Type in the code from the e-mail."),
        longest=40,
    )
