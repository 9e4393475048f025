"""The ladder: each line of the table, and what must hold whatever the facts."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.domain.assurance import (
    HANDED_OVER,
    TABLE,
    Facts,
    Moment,
    Provenance,
    Required,
    Sender,
    Stake,
    Why,
    at_least,
    demands,
    is_lately,
    rank,
    required,
    unmet,
)
from identity.domain.enums import DoubtReason, Level
from identity.domain.rights import ASKABLE
from requests_app.domain.enums import Right
from requests_app.domain.outcomes import AT_ONCE

FRAUD, HARM = DoubtReason.FRAUD_SIGN, DoubtReason.HIGH_HARM_DATA
UNKNOWN, MISMATCH, CHANGE = DoubtReason.UNKNOWN_ADDRESS, DoubtReason.MISMATCH, DoubtReason.ADDRESS_CHANGE
BEFORE, DELIVERY = Moment.BEFORE, Moment.AT_DELIVERY
STRANGER = Facts(None, sender=Sender.FAILED, provenance=Provenance.UNKNOWN, doubts=frozenset({FRAUD, HARM}))

# What was asked for and how: level, moment, why, the doubt behind it. One line here for each line of the table.
ROWS = [
    *((replace(STRANGER, right=right), "L0", BEFORE, Why.NEVER_MORE, None) for right in AT_ONCE),
    (Facts(None), "L0", BEFORE, Why.NOTHING_ASKED, None),
    (Facts(Right.RESTRICTION), "L0", BEFORE, Why.NOTHING_ASKED, None),
    (Facts(Right.OBJECTION), "L0", BEFORE, Why.NOTHING_ASKED, None),
    (Facts(Right.COMPLAINT), "L0", BEFORE, Why.NOTHING_ASKED, None),
    (Facts(Right.RESTRICTION, doubts=frozenset({FRAUD, HARM})), "L1", BEFORE, Why.DOUBTED, FRAUD),
    (Facts(Right.OBJECTION, doubts=frozenset({MISMATCH})), "L1", BEFORE, Why.DOUBTED, MISMATCH),
    (replace(STRANGER, right=Right.COMPLAINT), "L0", BEFORE, Why.NOTHING_ASKED, None),
    (Facts(Right.ERASURE), "L0", BEFORE, Why.NOTHING_ASKED, None),
    (Facts(Right.ERASURE, sender=Sender.NAMED), "L0", BEFORE, Why.NOTHING_ASKED, None),
    (Facts(Right.ACCESS), "L1", DELIVERY, Why.CODE_AT_DELIVERY, None),
    (Facts(Right.PORTABILITY), "L1", DELIVERY, Why.CODE_AT_DELIVERY, None),
    (Facts(Right.ACCESS, sender=Sender.FAILED), "L1", DELIVERY, Why.CODE_AT_DELIVERY, None),
    (Facts(Right.ACCESS, provenance=Provenance.NOTHING_HELD), "L1", DELIVERY, Why.CODE_AT_DELIVERY, None),
    (Facts(Right.AUTOMATED_DECISION), "L1", DELIVERY, Why.CODE_AT_DELIVERY, None),
    (Facts(Right.ERASURE, sender=Sender.FAILED), "L1", BEFORE, Why.SENDER_FAILED, MISMATCH),
    (Facts(Right.ERASURE, sender=Sender.UNPROVEN), "L1", BEFORE, Why.SENDER_UNPROVEN, MISMATCH),
    (Facts(Right.RECTIFICATION, sender=Sender.FAILED), "L1", BEFORE, Why.SENDER_FAILED, MISMATCH),
    *(
        (Facts(right, provenance=Provenance.UNKNOWN), "L1", BEFORE, Why.UNKNOWN_ADDRESS, UNKNOWN)
        for right in (Right.ACCESS, Right.PORTABILITY, Right.ERASURE)
    ),
    *(
        (Facts(right, provenance=Provenance.LOST), "L2", BEFORE, Why.ADDRESS_LOST, UNKNOWN)
        for right in (Right.ACCESS, Right.PORTABILITY, Right.ERASURE)
    ),
    (
        Facts(Right.ACCESS, provenance=Provenance.LOST, doubts=frozenset({FRAUD})),
        "L3", BEFORE, Why.GRAVE_DOUBTS, FRAUD,
    ),
    (Facts(Right.RECTIFICATION), "L1", DELIVERY, Why.CODE_AT_DELIVERY, None),
    (Facts(Right.RECTIFICATION, changes_address=True), "L1", BEFORE, Why.ADDRESS_CHANGE, CHANGE),
    (
        Facts(Right.RECTIFICATION, changes_address=True, old_address_lost=True),
        "L2", BEFORE, Why.OLD_ADDRESS_LOST, CHANGE,
    ),
    *(
        (Facts(right, provenance=provenance, stake=Stake.COOKIE_ONLY), "L0", BEFORE, Why.COOKIE_DEVICE, None)
        for right in (Right.ACCESS, Right.ERASURE)
        for provenance in Provenance
    ),
    (Facts(Right.ACCESS, stake=Stake.LARGE), "L2", DELIVERY, Why.MUCH_AT_STAKE, None),
    (Facts(Right.ACCESS, stake=Stake.HIGH_HARM), "L2", DELIVERY, Why.MUCH_AT_STAKE, None),
    (Facts(Right.ACCESS, doubts=frozenset({HARM})), "L2", BEFORE, Why.GRAVE_DOUBT, HARM),
    (Facts(Right.ERASURE, doubts=frozenset({FRAUD})), "L2", BEFORE, Why.GRAVE_DOUBT, FRAUD),
    (Facts(Right.ERASURE, doubts=frozenset({FRAUD, HARM})), "L3", BEFORE, Why.GRAVE_DOUBTS, FRAUD),
    (Facts(Right.PORTABILITY, third_party=True), "L2", DELIVERY, Why.THIRD_PARTY, None),
    (Facts(Right.ACCESS, third_party=True), "L2", DELIVERY, Why.THIRD_PARTY, None),
    (Facts(Right.ACCESS, changed_lately=True), "L2", DELIVERY, Why.CHANGED_LATELY, None),
    (Facts(Right.ERASURE, changed_lately=True), "L0", BEFORE, Why.NOTHING_ASKED, None),
    (Facts(Right.ACCESS, posted=True), "L1", DELIVERY, Why.CODE_AT_DELIVERY, None),
    (Facts(Right.ACCESS, posted=True, sender=Sender.NAMED), "L1", DELIVERY, Why.POSTED, None),
    (Facts(Right.PORTABILITY, posted=True, sender=Sender.FAILED), "L1", DELIVERY, Why.POSTED, None),
    (Facts(Right.ERASURE, posted=True, sender=Sender.NAMED), "L0", BEFORE, Why.NOTHING_ASKED, None),
]  # fmt: skip


@pytest.mark.parametrize("facts,level,moment,why,doubt", ROWS)
def test_each_situation_needs_what_the_table_says(
    facts: Facts, level: str, moment: Moment, why: Why, doubt: DoubtReason | None
) -> None:
    needed = required(facts)
    assert (needed.level, needed.moment, needed.why, needed.doubt) == (level, moment, why, doubt)


def test_no_line_of_the_table_is_without_its_situation() -> None:
    assert {line.demand.why for line in TABLE} == {row[3] for row in ROWS} == set(Why)


def test_a_change_of_address_is_confirmed_at_both_and_a_third_party_named_expressly() -> None:
    assert required(Facts(Right.RECTIFICATION, changes_address=True)).both_addresses
    assert required(Facts(Right.PORTABILITY, third_party=True)).instruction
    assert not required(Facts(Right.ACCESS)).instruction


def test_what_is_needed_before_and_what_at_delivery_stand_side_by_side() -> None:
    found = demands(Facts(Right.ACCESS, provenance=Provenance.UNKNOWN, changed_lately=True))
    assert [(one.level, one.moment) for one in found] == [
        ("L2", DELIVERY), ("L1", BEFORE), ("L1", DELIVERY), ("L0", BEFORE),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "facts,reached,missing",
    [
        (Facts(Right.ACCESS), "L0", []),  # the code comes with the download
        (Facts(Right.ACCESS, posted=True, sender=Sender.UNPROVEN), "L0", [Why.POSTED]),
        (Facts(Right.ACCESS, posted=True, sender=Sender.UNPROVEN), "L1", []),
        (Facts(Right.ACCESS, changed_lately=True), "L1", [Why.CHANGED_LATELY]),
        (Facts(Right.ACCESS, changed_lately=True), "L2", []),
        (Facts(Right.ACCESS, changed_lately=True), "L4", []),
        (Facts(Right.ERASURE, sender=Sender.FAILED), "L0", [Why.SENDER_FAILED]),
        (Facts(Right.ERASURE, sender=Sender.FAILED), "L1", []),
        (Facts(Right.ACCESS, doubts=frozenset({FRAUD})), "L1", [Why.GRAVE_DOUBT]),
        (replace(STRANGER, right=Right.CONSENT_WITHDRAWAL), "L0", []),
    ],
)
def test_what_is_missing_before_a_release(facts: Facts, reached: str, missing: list[Why]) -> None:
    assert [one.why for one in unmet(facts, Level(reached))] == missing


def test_the_rungs_are_in_order() -> None:
    assert [rank(level) for level in Level] == [0, 1, 2, 3, 4]
    assert at_least(Level.L2, Level.L2)
    assert at_least(Level.L4, Level.L0)
    assert not at_least(Level.L1, Level.L2)


@pytest.mark.parametrize("days,lately", [(-3, True), (0, True), (29, True), (30, True), (31, False), (400, False)])
def test_an_address_is_new_for_thirty_days(days: int, lately: bool) -> None:
    received = date(2026, 3, 31)
    assert is_lately(received - timedelta(days=days), received) is lately


# What must hold whatever the facts.

anything = st.builds(
    Facts,
    right=st.none() | st.sampled_from(Right),
    sender=st.sampled_from(Sender),
    provenance=st.sampled_from(Provenance),
    stake=st.sampled_from(Stake),
    doubts=st.frozensets(st.sampled_from(DoubtReason)),
    changes_address=st.booleans(),
    old_address_lost=st.booleans(),
    changed_lately=st.booleans(),
    third_party=st.booleans(),
    posted=st.booleans(),
)


def undoubted(one: Required) -> bool:
    return one.moment is BEFORE and one.level is not Level.L0 and one.doubt is None


@given(anything, st.sampled_from(sorted(AT_ONCE)))
def test_withdrawal_and_objection_to_marketing_never_need_more_than_the_channel(facts: Facts, right: Right) -> None:
    facts = replace(facts, right=right)
    assert [one.level for one in demands(facts)] == [Level.L0]
    assert unmet(facts, Level.L0) == ()


@given(anything)
def test_nothing_is_asked_before_the_work_without_a_doubt_on_the_list(facts: Facts) -> None:
    assert not [one for one in demands(facts) if undoubted(one)]


@given(anything)
def test_only_rights_of_article_12_6_are_asked_about(facts: Facts) -> None:
    asked = [one for one in demands(facts) if one.moment is BEFORE and one.level is not Level.L0]
    assert not asked or facts.right in ASKABLE


@given(anything)
def test_a_person_nobody_doubts_is_asked_nothing_before_the_work(facts: Facts) -> None:
    calm = replace(
        facts, sender=Sender.PROVEN, provenance=Provenance.ON_FILE, doubts=frozenset(), changes_address=False
    )
    assert all(one.level is Level.L0 for one in demands(calm) if one.moment is BEFORE)


@given(anything, st.sampled_from(DoubtReason))
def test_more_doubt_never_lowers_the_level(facts: Facts, doubt: DoubtReason) -> None:
    def higher(changed: Facts) -> bool:
        return at_least(required(changed).level, required(facts).level)

    assert higher(replace(facts, doubts=facts.doubts | {doubt}))
    assert all(higher(replace(facts, sender=one)) for one in _from(facts.sender))
    assert all(higher(replace(facts, provenance=one)) for one in _from(facts.provenance))
    assert all(higher(replace(facts, stake=one)) for one in _from(facts.stake))
    assert higher(replace(facts, changes_address=True))
    assert higher(replace(facts, old_address_lost=True))
    assert higher(replace(facts, changed_lately=True))
    assert higher(replace(facts, third_party=True))


@given(anything, st.sampled_from(Level))
def test_a_higher_level_is_never_missing_more(facts: Facts, reached: Level) -> None:
    missing = set(unmet(facts, reached))
    assert all(set(unmet(facts, higher)) <= missing for higher in _from(reached))
    assert unmet(facts, Level.L4) == ()


@given(anything)
def test_the_answer_of_an_access_from_the_address_on_file_waits_for_nothing_but_its_code(facts: Facts) -> None:
    for right in HANDED_OVER:
        ordinary = Facts(right, sender=facts.sender, provenance=Provenance.ON_FILE)
        assert unmet(ordinary, Level.L0) == ()


def _from(value: Sender | Provenance | Stake | Level) -> list:  # type: ignore[type-arg]
    """This value and all that come after it in its set."""
    members = list(type(value))
    return members[members.index(value) :]
