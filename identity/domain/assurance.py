"""How sure we have to be of who asks: the ladder L0 to L4 and the table that says which rung is enough.

The default is that nothing is asked. A level above L0 before the work is done takes a reason to doubt that is on the
list (Art. 12(6), EDPB 01/2022 paragraphs 65 to 79); what protects the delivery (the code at the download, a second
proof where the answer would go to a new address) asks nothing of the person beforehand and never stops the clock.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from requests_app.domain.enums import Right
from requests_app.domain.outcomes import AT_ONCE

from .enums import DoubtReason, Level
from .rights import ASKABLE, DELIVERED

CHANGED_LATELY = timedelta(days=30)
"""An address that came on file so shortly before a request is one that a thief would have put there."""

_RUNGS = tuple(Level)


class Moment(StrEnum):
    """When a level has to be reached."""

    BEFORE = "before"  # anything is changed, or anything of the person is told
    AT_DELIVERY = "at_delivery"  # the answer is handed over; no question of Art. 12(6)


class Sender(StrEnum):
    """What the way a request came in shows of its writer; each shows less than the one before."""

    PROVEN = "proven"  # a mail with an aligned pass, the link of the status page, somebody who came in person
    NAMED = "named"  # a form: the address was typed, and its confirmation went there
    UNPROVEN = "unproven"  # no check found anything; phone, letter, or words inside somebody else's message
    FAILED = "failed"  # the domain in the mail says that it is not from there


class Provenance(StrEnum):
    """What we know of the address a request came from; each is more doubtful than the one before."""

    NOTHING_HELD = "nothing_held"  # nothing is held, or nothing but what lies under this very address
    ON_FILE = "on_file"
    UNKNOWN = "unknown"  # something is held, and no system holds it under this address
    LOST = "lost"  # the same, and the person cannot read the address on file any more


class Stake(StrEnum):
    """What is at stake if the answer reaches the wrong person."""

    COOKIE_ONLY = "cookie_only"  # nothing but what hangs on the cookie of a device
    ORDINARY = "ordinary"
    LARGE = "large"  # a large history
    HIGH_HARM = "high_harm"


class Why(StrEnum):
    """The line of the table that decided."""

    NEVER_MORE = "never_more"
    COOKIE_DEVICE = "cookie_device"
    NOTHING_ASKED = "nothing_asked"
    CODE_AT_DELIVERY = "code_at_delivery"
    POSTED = "posted"
    SENDER_UNPROVEN = "sender_unproven"
    SENDER_FAILED = "sender_failed"
    UNKNOWN_ADDRESS = "unknown_address"
    ADDRESS_LOST = "address_lost"
    DOUBTED = "doubted"
    ADDRESS_CHANGE = "address_change"
    OLD_ADDRESS_LOST = "old_address_lost"
    GRAVE_DOUBT = "grave_doubt"
    GRAVE_DOUBTS = "grave_doubts"
    MUCH_AT_STAKE = "much_at_stake"
    CHANGED_LATELY = "changed_lately"
    THIRD_PARTY = "third_party"


@dataclass(frozen=True)
class Facts:
    """Everything the table looks at, of one request. `doubts` are those that a member of staff recorded."""

    right: Right | None
    sender: Sender = Sender.PROVEN
    provenance: Provenance = Provenance.ON_FILE
    stake: Stake = Stake.ORDINARY
    doubts: frozenset[DoubtReason] = frozenset()
    changes_address: bool = False  # an e-mail address or a phone number on file is to be replaced
    old_address_lost: bool = False  # … and the person can no longer be reached at the old one
    changed_lately: bool = False  # the address that the answer goes to, or that had it posted, is new on file
    third_party: bool = False  # the answer goes to somebody else, or to an address that is not the person's
    posted: bool = False  # the answer goes by post, to where somebody said: whoever opens the letter types in no code


@dataclass(frozen=True)
class Required:
    """One demand: which level, when, why.

    `doubt` is the reason on the list of doubts that stands behind it, None where nothing is doubted. `both_addresses`:
    the level is shown at the old address and at the new one. `instruction`: the person has to say so expressly.
    """

    level: Level
    moment: Moment
    why: Why
    doubt: DoubtReason | None = None
    both_addresses: bool = False
    instruction: bool = False


@dataclass(frozen=True)
class Line:
    """One line of the table: what it demands where it applies. One that is `final` keeps all others out."""

    demand: Required
    applies: Callable[[Facts], bool]
    final: bool = False


HANDED_OVER = frozenset({Right.ACCESS, Right.PORTABILITY})
_WEIGHTY = HANDED_OVER | {Right.ERASURE, Right.RECTIFICATION}  # what harms the person if a stranger gets it
_CHANGING = frozenset({Right.ERASURE, Right.RECTIFICATION})
_TOLD = frozenset({Right.RECTIFICATION, Right.AUTOMATED_DECISION})
_GRAVE = frozenset({DoubtReason.FRAUD_SIGN, DoubtReason.HIGH_HARM_DATA})
_STRANGE = frozenset({Provenance.UNKNOWN, Provenance.LOST})


def _demand(level: Level, moment: Moment, why: Why, doubt: DoubtReason | None = None) -> Required:
    return Required(level, moment, why, doubt)


def _changes_address(facts: Facts) -> bool:
    return facts.right is Right.RECTIFICATION and facts.changes_address


def _gravely(facts: Facts) -> bool:
    return facts.right in _WEIGHTY and bool(facts.doubts & _GRAVE)


def _unseen(facts: Facts) -> bool:
    """Whether somebody only named an address on file; of one that is not there another line says what it takes."""
    return facts.sender is not Sender.PROVEN and facts.provenance not in _STRANGE


_BEFORE, _DELIVERY = Moment.BEFORE, Moment.AT_DELIVERY

# Of the lines that apply the highest level counts, and of equal ones the lower line; `why` says which it was.
TABLE: tuple[Line, ...] = (
    Line(_demand(Level.L0, _BEFORE, Why.NEVER_MORE), lambda f: f.right in AT_ONCE, final=True),
    Line(_demand(Level.L0, _BEFORE, Why.NOTHING_ASKED), lambda f: f.right is None, final=True),  # not sorted yet
    Line(_demand(Level.L0, _BEFORE, Why.COOKIE_DEVICE), lambda f: f.stake is Stake.COOKIE_ONLY, final=True),
    Line(_demand(Level.L0, _BEFORE, Why.NOTHING_ASKED), lambda f: True),
    Line(_demand(Level.L1, _DELIVERY, Why.CODE_AT_DELIVERY), lambda f: f.right in HANDED_OVER | _TOLD),
    Line(
        _demand(Level.L1, _DELIVERY, Why.POSTED),
        lambda f: f.right in HANDED_OVER and f.posted and _unseen(f),
    ),
    Line(
        _demand(Level.L1, _BEFORE, Why.SENDER_UNPROVEN, DoubtReason.MISMATCH),
        lambda f: f.right in _CHANGING and f.sender is Sender.UNPROVEN,
    ),
    Line(
        _demand(Level.L1, _BEFORE, Why.SENDER_FAILED, DoubtReason.MISMATCH),
        lambda f: f.right in _CHANGING and f.sender is Sender.FAILED,
    ),
    Line(
        _demand(Level.L1, _BEFORE, Why.UNKNOWN_ADDRESS, DoubtReason.UNKNOWN_ADDRESS),
        lambda f: f.right in _WEIGHTY and f.provenance in _STRANGE,
    ),
    Line(_demand(Level.L1, _BEFORE, Why.DOUBTED), lambda f: f.right in ASKABLE and bool(f.doubts)),
    Line(
        Required(Level.L1, _BEFORE, Why.ADDRESS_CHANGE, DoubtReason.ADDRESS_CHANGE, both_addresses=True),
        _changes_address,
    ),
    Line(
        _demand(Level.L2, _DELIVERY, Why.MUCH_AT_STAKE),
        lambda f: f.right in HANDED_OVER and f.stake in (Stake.LARGE, Stake.HIGH_HARM),
    ),
    Line(_demand(Level.L2, _DELIVERY, Why.CHANGED_LATELY), lambda f: f.right in HANDED_OVER and f.changed_lately),
    Line(
        Required(Level.L2, _DELIVERY, Why.THIRD_PARTY, instruction=True),
        lambda f: f.right in DELIVERED and f.third_party,
    ),
    Line(
        _demand(Level.L2, _BEFORE, Why.ADDRESS_LOST, DoubtReason.UNKNOWN_ADDRESS),
        lambda f: f.right in _WEIGHTY and f.provenance is Provenance.LOST,
    ),
    Line(
        _demand(Level.L2, _BEFORE, Why.OLD_ADDRESS_LOST, DoubtReason.ADDRESS_CHANGE),
        lambda f: _changes_address(f) and f.old_address_lost,
    ),
    Line(_demand(Level.L2, _BEFORE, Why.GRAVE_DOUBT), _gravely),
    Line(
        _demand(Level.L3, _BEFORE, Why.GRAVE_DOUBTS),
        lambda f: _gravely(f) and (f.doubts >= _GRAVE or f.provenance is Provenance.LOST),
    ),
)


def demands(facts: Facts) -> tuple[Required, ...]:
    """Return all that the table demands, the highest level first, and of equal ones that before the work first."""
    found = []
    for place, line in enumerate(TABLE):
        if not line.applies(facts):
            continue
        if line.final:
            return (line.demand,)
        found.append((rank(line.demand.level), line.demand.moment is Moment.BEFORE, place, _with_doubt(line, facts)))
    return tuple(demand for *_place, demand in sorted(found, key=lambda one: one[:3], reverse=True))


def required(facts: Facts) -> Required:
    """Return the level that is required in the end, at which moment, and why."""
    return demands(facts)[0]


def unmet(facts: Facts, reached: Level, at_delivery: Level | None = None) -> tuple[Required, ...]:
    """Return what is still missing before the answer may be released, the highest first.

    `at_delivery` is the level reached with the address of the answer, where that differs from what is known of who
    asks. The code at delivery is never missing: the person types it in when they fetch the answer.
    """
    levels = {Moment.BEFORE: reached, Moment.AT_DELIVERY: reached if at_delivery is None else at_delivery}
    return tuple(one for one in demands(facts) if not at_least(levels[one.moment], one.level) and not _is_the_code(one))


def rank(level: Level) -> int:
    """Return the rung of a level, from 0."""
    return _RUNGS.index(level)


def at_least(reached: Level, needed: Level) -> bool:
    """Tell whether a level is enough."""
    return rank(reached) >= rank(needed)


def is_lately(since: date, received: date) -> bool:
    """Tell whether an address that is on file since a day is too new for a request received on another.

    The thirtieth day before the request is still too new; so is every day after it: a thief need not be first.
    """
    return received - since <= CHANGED_LATELY


def _is_the_code(one: Required) -> bool:
    return one.why is Why.CODE_AT_DELIVERY


def _with_doubt(line: Line, facts: Facts) -> Required:
    """The demand with the recorded doubt behind it, the gravest of several, where the line names none itself."""
    demand = line.demand
    if demand.doubt or demand.moment is Moment.AT_DELIVERY or not facts.doubts or demand.level is Level.L0:
        return demand
    doubt = next(one for one in _BY_GRAVITY if one in facts.doubts)
    return Required(demand.level, demand.moment, demand.why, doubt)


_BY_GRAVITY = (
    DoubtReason.FRAUD_SIGN,
    DoubtReason.HIGH_HARM_DATA,
    *(doubt for doubt in DoubtReason if doubt not in _GRAVE),
)
