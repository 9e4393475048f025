"""Which rights may meet a question about identity, and which end with something handed over."""

from requests_app.domain.enums import Right
from requests_app.domain.outcomes import AT_ONCE

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

# What is answered by a letter behind a one-time code; what takes effect at once is confirmed by a plain mail.
DELIVERED: frozenset[Right] = frozenset(Right) - AT_ONCE
