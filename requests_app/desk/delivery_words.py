"""Why a mail came back or is late, in plain words: the status codes of RFC 3463."""

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

# By the whole code, else by its last two numbers (the same trouble for good or for now), else by its second.
_WORDS: dict[str, Promise] = {
    "5.1.2": _("There is no such domain."),
    "5.1.3": _("This is no valid address."),
    "5.1.6": _("The person has moved to another address."),
    "1.1": _("There is no such address."),
    "1.10": _("There is no such address."),
    "2.1": _("The mailbox is switched off."),
    "2.2": _("The mailbox is full."),
    "2.3": _("The mail is too large for the mailbox."),
    "3.4": _("The mail is too large for the server there."),
    "1": _("Something is wrong with the address."),
    "2": _("Something is wrong with the mailbox."),
    "3": _("The mail server there has a fault."),
    "4": _("The mail server there could not be reached."),
    "5": _("The mail servers did not understand each other."),
    "6": _("The mail server there could not read the mail."),
    "7": _("The mail server there refuses mail from us."),
}


def why(status: str) -> str:
    """Return in a sentence what the server there said, and the code of it; "" is a status that it did not say."""
    of_what, _dot, exactly = status.partition(".")[2].partition(".")
    known = (status, f"{of_what}.{exactly}", of_what)
    words = next((str(_WORDS[code]) for code in known if code in _WORDS), "")
    said = words or gettext("The mail server there did not say why.")
    return gettext("%(why)s (Code %(code)s)") % {"why": said, "code": status} if status else said
