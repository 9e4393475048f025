"""What Exchange Online writes into a mail when it comes in, and how that is told from what strangers write.

Its Authentication-Results name no server, so anybody's would look the same. But a mail passes three or four of
Microsoft's machines on its way into a mailbox: the first writes what it found below the lines of the others and right
above the one that says from where it got the mail. What a stranger brought along lies below all of that.
"""

import re
from dataclasses import dataclass

from . import auth_results
from .auth_results import Block

MOST_HOPS = 20
_INSIDE = (
    ".prod.outlook.com", ".prod.protection.outlook.com", ".mail.protection.outlook.com", ".outlook.office365.com",
    ".prod.exchangelabs.com",
)  # fmt: skip
_DOOR = ".mail.protection.outlook.com"  # the machines to which the MX records of all tenants lead
# Explicit: by DMARC, or by a signature or an envelope of the same domain, or because an administrator forbade it. All
# the other codes of three digits are Microsoft's experience with a sender.
_PROVEN = frozenset({"100", "101", "102"})
_REFUTED = re.compile(r"000|002|010|6\d\d")


@dataclass(frozen=True)
class Composite:
    """Microsoft's sum (`compauth`): whether it passed, the code of its reason, whether that is more than a guess."""

    passed: bool
    reason: str
    explicit: bool


def came_in(above: tuple[str, ...], below: str) -> bool:
    """Tell whether a block stands where the tenant's own inbound server writes it.

    `above` and `below`: the Received lines over it, and the first one under it.
    """
    hops = [_ends(value) for value in above]
    inside = all(from_host.endswith(_INSIDE) and by_host.endswith(_INSIDE) for from_host, by_host in hops)
    return 0 < len(hops) <= MOST_HOPS and inside and _ends(below)[1].endswith(_DOOR)


def composite(block: Block) -> Composite | None:
    """Return the sum, or None where there is none or it says nothing."""
    found = next(iter(block.of("compauth")), None)
    if found is None or found.result not in ("pass", "softpass", "fail"):
        return None
    passed, reason = found.result != "fail", found.properties.get("reason", "")[:3]
    explicit = found.result == "pass" and reason in _PROVEN if passed else bool(_REFUTED.fullmatch(reason))
    return Composite(passed, reason, explicit)


def _ends(received: str) -> tuple[str, str]:
    """The hosts of a Received line, in lower case: from which and by which; "" for a line of another form."""
    words = next(auth_results.sections_of(received))
    if len(words) < 4 or (words[0].lower(), words[2].lower()) != ("from", "by"):
        return "", ""
    return f".{words[1].lower()}", f".{words[3].lower()}"
