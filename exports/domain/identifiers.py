"""The spellings under which one address or number may stand in a system; all plain, none guessed."""

import re
import unicodedata

_NOT_A_DIGIT = re.compile(r"[^0-9]")
_FEWEST_DIGITS = 6
"""Shorter numbers are switchboards and emergency lines: they point to nobody."""


def email_variants(address: str) -> frozenset[str]:
    """The spellings of one e-mail address in lower case: composed and decomposed, domain in Unicode and IDNA.

    Nothing is folded that could be another mailbox: dots and `+tags` stay. Empty for a text without `@`.
    """
    plain = unicodedata.normalize("NFC", address.strip().lower())
    local, at, domain = plain.rpartition("@")
    if not at or not local or not domain:
        return frozenset()
    hosts = {form for host in _host_spellings(domain) for form in _compositions(host)}
    return frozenset(f"{name}@{host}" for name in _compositions(local) for host in hosts)


def phone_variants(number: str, calling_code: str) -> frozenset[str]:
    """The spellings of one phone number in digits alone: with `calling_code`, with 00 before it, without it.

    `calling_code` (digits, "47") is the country in which a number without a prefix is dialled. Empty for
    fewer than six digits.
    """
    digits = _NOT_A_DIGIT.sub("", number)
    international = number.lstrip(" (").startswith("+")
    if not international and digits.startswith("00"):
        international, digits = True, digits[2:]
    if len(digits) < _FEWEST_DIGITS:
        return frozenset()
    if not international:
        return frozenset({digits, calling_code + digits, f"00{calling_code}{digits}"})
    variants = {digits, f"00{digits}"}
    national = digits.removeprefix(calling_code)
    if national != digits and len(national) >= _FEWEST_DIGITS:
        variants.add(national)
    return frozenset(variants)


def _compositions(text: str) -> frozenset[str]:
    """The text with accents as part of their letters, and with accents of their own ("å" is one sign or two)."""
    return frozenset(unicodedata.normalize(form, text) for form in ("NFC", "NFD"))


def _host_spellings(domain: str) -> frozenset[str]:
    """The domain as written and in its other form, if the two lead to each other ("ß" and "ss" do not)."""
    try:
        if domain.isascii():
            other = domain.encode("ascii").decode("idna")
            same = other.encode("idna").decode("ascii") == domain
        else:
            other = domain.encode("idna").decode("ascii")
            same = other.encode("ascii").decode("idna") == domain
    except UnicodeError:  # no domain name in the sense of IDNA: it is only looked for as written
        return frozenset({domain})
    return frozenset({domain, other}) if same else frozenset({domain})
