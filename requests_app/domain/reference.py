"""Case references: `DR-2026-000123-NN`, NN the check digits of ISO 7064 MOD 97-10.

The digits of year, serial and check digits read as one number leave the remainder 1 on division by 97, so a
reference told on the phone with one wrong or two swapped digits is found out.
"""

import re

PATTERN = re.compile(r"\bDR-(\d{4})-(\d{6,})-(\d{2})\b", re.IGNORECASE)


def make(year: int, serial: int) -> str:
    """Return the reference of the case with this number in this year; raises ValueError if out of range."""
    if not 2000 <= year <= 9999 or serial < 1:
        raise ValueError("year must have four digits and the serial must be positive")
    digits = f"{year}{serial:06d}"
    return f"DR-{year}-{serial:06d}-{98 - int(digits) * 100 % 97:02d}"


def is_valid(reference: str) -> bool:
    """Tell whether the text is a reference with right check digits."""
    match = PATTERN.fullmatch(reference.strip())
    return match is not None and int("".join(match.groups())) % 97 == 1


def find(text: str) -> str | None:
    """Return the first valid reference in a text, in capitals, or None."""
    for match in PATTERN.finditer(text):
        if is_valid(match.group(0)):
            return match.group(0).upper()
    return None
