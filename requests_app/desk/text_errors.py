"""What a form of the desk says about a text it cannot take."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

UNSTORABLE = _("The text holds a character that cannot be stored. Write it anew or paste it as plain text.")


def text_errors(required: Promise) -> dict[str, Any]:
    """Return the error messages of a text field; `required` is said where it is empty."""
    return {
        "required": required,
        "max_length": _("The text can be up to %(limit_value)d characters long; this one has %(show_value)d."),
        "null_characters_not_allowed": UNSTORABLE,
    }
