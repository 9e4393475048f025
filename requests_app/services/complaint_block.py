"""Where the person can complain (GDPR Art. 12(4), 77, 79): what the obligatory words of a letter are filled in with.

The words themselves stand once, in `templates/exports/pdf/complaint.html`.
"""

from django.utils import translation

from requests_app import selectors
from requests_app.domain.suppression import CALLING_CODES
from requests_app.models import Case
from requests_app.templatetags.ui import localised


def context(case: Case) -> dict[str, object]:
    """Return the values of the words, in the language of the case.

    While no authority is known there is none among them, and no mail that needs one can be written.
    """
    with translation.override(case.language):
        named = authority()
    return {"outside_norway": outside_norway(case)} | ({"authority": named} if named else {})


def authority() -> str:
    """Return the supervisory authority as a letter names it, in the active language; empty where none is known."""
    said = selectors.organisation().supervisory_authority
    parts = (localised(said.get("name")), said.get("postal_address"), said.get("website"))
    return ", ".join(parts) if all(parts) else ""


def outside_norway(case: Case) -> bool:
    """Tell whether the person may live or work in another country than ours, and turn to its authority (Art. 77(1)).

    Nobody is asked where they live for one half-sentence. A telephone number with its country code says it; without
    one, whoever does not write the language of the country gets the half-sentence, which is true and useful even where
    the guess is not: elsewhere than in Norway that is everybody, since we write Norwegian and English only.
    """
    country = selectors.organisation().country
    phone = case.person_phone.replace(" ", "")
    if phone.startswith(("+", "00")):
        return not phone.startswith(tuple(dialled + CALLING_CODES[country] for dialled in ("+", "00")))
    return country != "NO" or case.language != "nb"
