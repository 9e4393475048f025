"""What the status of a mail that came back says of the address (RFC 3463)."""

_DEAD = frozenset({
    "5.1.1",  # no such mailbox
    "5.1.2",  # no such domain
    "5.1.3",  # no address at all
    "5.1.6",  # moved, nobody knows where to
    "5.1.10",  # the domain takes no mail (RFC 7505); Exchange: no such recipient
})  # fmt: skip
DEAD_STATUSES = tuple(sorted(_DEAD))


def is_dead(status: str) -> bool:
    """Tell whether nothing will ever arrive at the address; a full mailbox, or a refusal, is no such thing."""
    return status in _DEAD
