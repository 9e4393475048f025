"""Widths of a table's columns and a fair share of the paper, computed before anything is laid out.

Automatic table layout costs 3.6 times the CPU of a fixed one, and lets times and identifiers wrap. So the
widths come from the texts: times, numbers, identifiers and short words stay on one line, the rest is shared.
Lengths are in em (the font size); the estimate of a word is for Inter and errs to the wide side.
"""

from collections.abc import Sequence

GAP = 1.2
BOLD = 1.07  # the heads are bolder than the rows
SHORT = 9.0  # a column of short words is never broken
LONGEST_CODE = 27.0  # a UUID still fits on one line
LONGEST_WORD = 15.0
NARROWEST = 7.0

_NARROW, _WIDE = frozenset("iljftrI.,:;'!|()[]{} -/"), frozenset("mwMWQOGCDHNUÆŒ@%&—…")


def text_width(text: str) -> float:
    """Return the estimated width of the longest line of `text`."""
    return max((sum(map(_width, line)) for line in text.split("\n")), default=0.0)


def plan(
    headers: Sequence[str], rows: Sequence[Sequence[str]], rigid: Sequence[bool], page: float
) -> tuple[float, ...] | None:
    """Return the share of the page (sum 100) for each column, or None where they do not fit side by side.

    `rigid` tells which columns should not be broken whatever they hold.
    """
    if not headers:
        return None
    texts = [(head, *(row[i] for row in rows)) for i, head in enumerate(headers)]
    natural = [max(text_width(column[0]) * BOLD, *map(text_width, column[1:]), 0.0) + GAP for column in texts]
    least = [
        wide if wide <= SHORT or (rigid[i] and wide <= LONGEST_CODE) else _breakable(texts[i], wide)
        for i, wide in enumerate(natural)
    ]
    spare = page - sum(least)
    if spare < 0:
        return None
    more = _grant([wide - low for wide, low in zip(natural, least, strict=True)], spare)
    widths = [low + extra for low, extra in zip(least, more, strict=True)]
    # What is left goes to the texts, so that times and identifiers do not drift apart.
    soft = sum(wide for wide, fixed in zip(natural, rigid, strict=True) if not fixed)
    rest = page - sum(widths)
    widths = [w if rigid[i] or not soft else w + rest * natural[i] / soft for i, w in enumerate(widths)]
    return tuple(100 * width / sum(widths) for width in widths)


def fair_share(weights: Sequence[Sequence[int]], limit: int) -> tuple[int, ...]:
    """Return how many leading rows of each group may be drawn so that all together weigh at most `limit`.

    Small groups are drawn whole; large ones share what is left in equal parts.
    """
    totals = [sum(group) for group in weights]
    cap, left = 0, limit
    for rank, total in enumerate(sorted(totals)):
        cap = left // (len(totals) - rank)
        if total > cap:
            break
        left -= total
    else:
        cap = max(totals, default=0)
    return tuple(_leading(group, cap) for group in weights)


def _grant(wishes: Sequence[float], spare: float) -> tuple[float, ...]:
    """Share `spare` by the square root of the wishes, so that one endless text does not take everything."""
    granted = [0.0] * len(wishes)
    pull = sum(wish**0.5 for wish in wishes)
    for i in sorted(range(len(wishes)), key=wishes.__getitem__):
        if wishes[i] > 0:
            granted[i] = min(wishes[i], spare * wishes[i] ** 0.5 / pull)
            spare -= granted[i]
            pull -= wishes[i] ** 0.5
    return tuple(granted)


def _leading(weights: Sequence[int], cap: int) -> int:
    used = 0
    for number, weight in enumerate(weights):
        used += weight
        if used > cap:
            return number
    return len(weights)


def _breakable(column: Sequence[str], wide: float) -> float:
    """Return the width in which the words of a column stay whole, up to the length of an e-mail address."""
    longest = max((text_width(word) for text in column for word in text.split()), default=0.0)
    return min(wide, max(NARROWEST, min(longest, LONGEST_WORD) + GAP))


def _width(character: str) -> float:
    if character > "\u2e80":
        return 1.0
    if character in _NARROW:
        return 0.36
    if character in _WIDE:
        return 0.92
    return 0.66 if character.isupper() or character.isdigit() else 0.58
