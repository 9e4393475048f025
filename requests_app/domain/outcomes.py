"""Which outcomes can be decided on and sent, right by right (domain rules: GDPR Art. 12, 7(3), 15-22)."""

from .enums import Outcome, Right

# What takes effect at once, can never be refused and needs no second person (Art. 7(3), 21(2)-(3)).
AT_ONCE: frozenset[Right] = frozenset({Right.CONSENT_WITHDRAWAL, Right.MARKETING_OBJECTION})

# A wish that blocks marketing to the address provisionally, the moment it reaches us.
BLOCKS_MARKETING: frozenset[Right] = AT_ONCE | {Right.ERASURE, Right.OBJECTION}

# A request that ends without a decision on its matter: no system has to be searched for it.
ENDINGS: frozenset[Outcome] = frozenset(
    {Outcome.WITHDRAWN_BY_REQUESTER, Outcome.NOT_A_REQUEST, Outcome.DUPLICATE, Outcome.CLOSED_UNVERIFIED}
)

# An ending that says nothing about the wish itself: what the wish blocked stays blocked.
WISH_STANDS: frozenset[Outcome] = frozenset({Outcome.CLOSED_UNVERIFIED})

# Outcomes under which no system changes anything.
NOTHING_CHANGES: frozenset[Outcome] = ENDINGS | {Outcome.REFUSED, Outcome.NO_DATA, Outcome.FORWARDED}

# What is not full fulfilment says why, by which ground, and where to complain (Art. 12(4)).
NEEDS_GROUND: frozenset[Outcome] = frozenset({Outcome.PARTLY_FULFILLED, Outcome.REFUSED})

# What the letter cannot say without somebody's own words: why not, or who it is that decides about the data.
NEEDS_WORDS: frozenset[Outcome] = NEEDS_GROUND | {Outcome.FORWARDED}

_DECIDED = frozenset({Outcome.FULFILLED, Outcome.PARTLY_FULFILLED, Outcome.REFUSED})
_OF_DATA = _DECIDED | {Outcome.NO_DATA, Outcome.FORWARDED}
_NO_QUESTION = ENDINGS - {Outcome.CLOSED_UNVERIFIED}  # who asks is never in doubt so far that a right ends by it

ANSWERABLE: dict[Right, frozenset[Outcome]] = {
    Right.ACCESS: _OF_DATA | ENDINGS,
    Right.RECTIFICATION: _OF_DATA | ENDINGS,
    Right.ERASURE: _OF_DATA | ENDINGS,
    Right.RESTRICTION: _OF_DATA | ENDINGS,
    Right.PORTABILITY: _OF_DATA | ENDINGS,
    Right.OBJECTION: _DECIDED | {Outcome.FORWARDED} | ENDINGS,
    Right.AUTOMATED_DECISION: _DECIDED | {Outcome.FORWARDED} | _NO_QUESTION,
    # "Refused" says of a complaint that it was looked at again and found unjustified: it is answered on its merits.
    Right.COMPLAINT: _DECIDED | _NO_QUESTION,
    Right.CONSENT_WITHDRAWAL: frozenset({Outcome.FULFILLED}),
    Right.MARKETING_OBJECTION: frozenset({Outcome.FULFILLED}),
}


def needs_ground(right: Right | None, outcome: Outcome) -> bool:
    """Tell whether an outcome rests on a ground of the law; a complaint rests on what was found."""
    return outcome in NEEDS_GROUND and right is not Right.COMPLAINT


def outcomes_of(right: Right | None) -> frozenset[Outcome]:
    """Return the outcomes that can be decided on for a right; none while it is not known."""
    return ANSWERABLE.get(right, frozenset()) if right else frozenset()
