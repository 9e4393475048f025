"""Which rights may meet a question about identity, and which end with something handed over."""

from requests_app.domain.enums import Right

# Art. 12(6) names Articles 15-21. The objection to marketing and the withdrawal of consent need no more than
# the channel they come through; a complaint and the review of a decision are handled with the person anyway.
ASKABLE: frozenset[Right] = frozenset(
    {
        Right.ACCESS,
        Right.RECTIFICATION,
        Right.ERASURE,
        Right.RESTRICTION,
        Right.PORTABILITY,
        Right.OBJECTION,
    }
)

# What leaves the house under these must reach the right person.
DELIVERED: frozenset[Right] = frozenset({Right.ACCESS, Right.PORTABILITY})
