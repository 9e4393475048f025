"""Norwegian national identity numbers in what people write: seen by their check digits, and taken out.

The check digits decide, and nothing else: D-numbers (day + 40), H-numbers and the numbers of test registers (month
+ 40, + 65 or + 80) have them, too. One number of eleven digits in 121 that is something else is taken for one.
"""

import re

_GAP = r"[ .\-/\u00a0\u2007\u2009\u2010-\u2013\u202f]"  # also the blanks and hyphens that never break a line
_CENTURY = r"(?:19|20)?"
# The day in one piece or in three, the rest in one piece or in two: "4 2 5" is how an account is written, and no match.
_NUMBER = re.compile(
    rf"(?<![\d+])(?:(\d\d)(\d\d){_CENTURY}(\d\d)|(\d\d){_GAP}(\d\d){_GAP}{_CENTURY}(\d\d)){_GAP}{{0,3}}(\d{{3}}){_GAP}?(\d\d)"
    r"(?!\d)"
)
_DIGIT = re.compile(r"\d")
_WEIGHTS = ((3, 7, 6, 1, 8, 9, 4, 5, 2, 1, 0), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1))


def mask_national_numbers(text: str) -> tuple[str, int]:
    """Put an asterisk for each digit of a national identity number (check digits right); return how many there were.

    What stands around them stays in its place. Data minimisation (Art. 5(1)(c), personopplysningsloven section 12):
    nobody needs the number to find a person.
    """
    found = 0

    def hide(match: "re.Match[str]") -> str:
        nonlocal found
        if not _checks("".join(filter(None, match.groups()))):
            return match.group(0)
        found += 1
        return _DIGIT.sub("*", match.group(0))

    return _NUMBER.sub(hide, text), found


def without_numbers(text: str) -> str:
    """Return a text as staff see it: without national identity numbers."""
    return mask_national_numbers(text)[0]


def _checks(number: str) -> bool:
    digits = [int(digit) for digit in number]
    return all(sum(d * w for d, w in zip(digits, weights, strict=True)) % 11 == 0 for weights in _WEIGHTS)
