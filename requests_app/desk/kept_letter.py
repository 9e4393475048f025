"""A letter of a panel of the case: its words as they were written, and its PDF for the post."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from requests_app.models import Case
from requests_app.services import correspondence
from requests_app.services.sending import SECRET


def words(key: str) -> str:
    """Return the words of the letter with this key, without its links; empty while it is not written."""
    row = correspondence.written(key)
    return SECRET.sub(_("[personal link or code, only in the mail itself]"), row.body).strip() if row else ""


def pdf(case: Case, key: str) -> str:
    """Return where the letter with this key is drawn for the post; empty while it is not written."""
    row = correspondence.written(key)
    return reverse(settings.MESSAGE_AS_PDF, args=[case.reference, row.pk]) if row else ""
