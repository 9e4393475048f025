"""What a provider may tell us, and what of it is dropped unread.

A national identity number is never asked for (personopplysningsloven section 12). A broker that sends one all the same
is not believed to be its only source: whatever looks like one goes, whatever it is called.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_NAMED = re.compile(
    r"nnin|^nin$|^pid$|socialno|social_?security|^ssn$|f[oø]dselsn|national_?id|person(al)?_?(number|nummer|no|nr)\b"
    r"|personnummer|^cpr|^hetu$|tax_?id|^dnr$|d_?number",
    re.IGNORECASE,
)
_ELEVEN_DIGITS = re.compile(r"(?<!\d)\d{6}[ .-]?\d{5}(?!\d)")
_DEEPEST = 20


def without_national_numbers(claims: Mapping[str, Any]) -> dict[str, Any]:
    """Return the claims but those that are, hold or are called a national identity number."""
    return {name: value for name, value in claims.items() if not _NAMED.search(name) and not _holds_number(value)}


def _holds_number(value: object, depth: int = 0) -> bool:
    if depth > _DEEPEST:
        return True
    if isinstance(value, Mapping):
        return any(
            _NAMED.search(str(name)) or _holds_number(name) or _holds_number(inner, depth + 1)
            for name, inner in value.items()
        )
    if isinstance(value, list):
        return any(_holds_number(inner, depth + 1) for inner in value)
    return not isinstance(value, bool) and bool(_ELEVEN_DIGITS.search(str(value)))


@dataclass(frozen=True)
class ClaimRule:
    """A claim that has to hold a value: `amr=mfa`, `acr=…`."""

    name: str
    value: str

    def met_by(self, claims: Mapping[str, Any]) -> bool:
        """Tell whether the claim is that value, or a list that holds it."""
        given = claims.get(self.name)
        return self.value in given if isinstance(given, list) else given == self.value


def read_rule(text: str) -> ClaimRule | None:
    """Return the rule that a setting says, or None for an empty one. Raises ValueError."""
    if not text:
        return None
    name, _equals, value = text.partition("=")
    if not name.strip() or not value.strip():
        raise ValueError("it must look like amr=mfa")
    return ClaimRule(name.strip(), value.strip())
