"""Do not contact: which spellings lead to one person, and the keyed digests under which they are remembered.

A plain hash of an address can be undone by hashing every address there is; without the key of this installation
the digest says nothing (GDPR Art. 25, 32).
"""

import hashlib
import hmac
import unicodedata
from enum import StrEnum

from .keys import KeyRing

PURPOSE = "suppression"
FEWEST_DIGITS = 6  # shorter numbers are switchboards and emergency lines
_DIALLED_ABROAD = 10  # digits from which a number that begins with the calling code is one with it
GMAIL = frozenset({"gmail.com", "googlemail.com"})

# ITU-T E.164, of the countries in which this law holds, the United Kingdom and Switzerland.
CALLING_CODES: dict[str, str] = {
    "AT": "43", "BE": "32", "BG": "359", "CH": "41", "CY": "357", "CZ": "420", "DE": "49", "DK": "45", "EE": "372",
    "ES": "34", "FI": "358", "FR": "33", "GB": "44", "GR": "30", "HR": "385", "HU": "36", "IE": "353", "IS": "354",
    "IT": "39", "LI": "423", "LT": "370", "LU": "352", "LV": "371", "MT": "356", "NL": "31", "NO": "47", "PL": "48",
    "PT": "351", "RO": "40", "SE": "46", "SI": "386", "SK": "421",
}  # fmt: skip


class ContactWay(StrEnum):
    """How marketing reaches a person."""

    EMAIL = "email"
    PHONE = "phone"


def email_forms(address: str) -> tuple[str, ...]:
    """The spellings under which an e-mail address is remembered: as written, and as Gmail reads it.

    Capitals, white space and the two ways of writing a domain (Unicode, IDNA) make no difference. Gmail delivers
    whatever the dots and the `+tag`, so such an address has a second form. Empty for a text that is no address.
    """
    plain = unicodedata.normalize("NFC", address.strip()).casefold()
    local, _, domain = plain.rpartition("@")
    if not local or not domain or "@" in local or not plain.isprintable() or " " in plain:
        return ()
    domain = _on_the_wire(domain)
    folded = local.partition("+")[0].replace(".", "")
    forms = [f"{local}@{domain}", f"{folded}@gmail.com" if domain in GMAIL and folded else ""]
    return tuple(dict.fromkeys(form for form in forms if form))


def phone_forms(number: str, country: str) -> tuple[str, ...]:
    """The one form of a phone number: its digits with the calling code, that of `country` where none is given.

    Empty for fewer than FEWEST_DIGITS digits, and for a number without a calling code in a country we know none of.
    """
    text = unicodedata.normalize("NFKC", number).strip()
    digits = "".join(sign for sign in text if sign in "0123456789")
    if len(digits) < FEWEST_DIGITS:
        return ()
    if text.lstrip("(").startswith("+"):
        return (digits,)
    if digits.startswith("00"):
        return (digits[2:],)
    code = CALLING_CODES.get(country, "")
    if not code:
        return ()
    if digits.startswith(code) and len(digits) >= _DIALLED_ABROAD:
        return (digits,)
    # A zero in front is dialled inside the country only, except in Italy.
    return (code + (digits if country == "IT" else digits.removeprefix("0")),)


def digest(ring: KeyRing, way: ContactWay, form: str, key_id: str | None = None) -> str:
    """Return the HMAC-SHA-256 of one form under one key of the ring (default: the active one), in hex."""
    return hmac.new(ring.key(PURPOSE, key_id), f"{way}\n{form}".encode(), hashlib.sha256).hexdigest()


def every_digest(ring: KeyRing, way: ContactWay, form: str) -> frozenset[str]:
    """Return the digests of one form under every key: older entries were made under older keys."""
    return frozenset(digest(ring, way, form, key_id) for key_id in ring.keys)


def _on_the_wire(domain: str) -> str:
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain


def asker(sender: str, *, forwarded: bool, original: str) -> str:
    """Return whose wish a message seems to be: a colleague who passes a mail on asks for nothing.

    Blank for a forward that does not say who wrote first.
    """
    return original if forwarded else sender
