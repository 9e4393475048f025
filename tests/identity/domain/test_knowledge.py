"""Plain forms of answers, the choice of questions, and hashes that are bound to their case."""

import pytest

from identity.domain.knowledge import OwnData, asked_of, digest, plain
from requests_app.domain import keys

RING = keys.parse("new:" + "QUFB" * 10 + "QUE= old:" + "QkJC" * 10 + "QkI=")


@pytest.mark.parametrize(
    "typed",
    ["2024-03", "03.2024", "3/2024", "03 2024", "mars 2024", "March, 2024", "MAR 2024", " 2024 mars ", "12.03.2024",
     "2024-03-12", "12. mars 2024", "2024-\uff10\uff13"],
)  # fmt: skip
def test_a_month_may_be_written_in_many_ways(typed: str) -> None:
    assert plain(OwnData.FIRST_CONTACT, typed) == "2024-03"


@pytest.mark.parametrize("typed", ["", "2024", "13.2024", "0.2024", "mars", "2024 2023", "a b c d", "٣ ٢٠٢٤"])
def test_what_is_no_month_is_no_answer(typed: str) -> None:
    assert plain(OwnData.LAST_ORDER, typed) == ""


@pytest.mark.parametrize("typed", ["Ålesund", " ÅLESUND ", "ålesund.", "A\u030alesund"])
def test_capitals_blanks_and_marks_do_not_matter(typed: str) -> None:
    assert plain(OwnData.CITY, typed) == "ålesund"


def test_the_same_three_are_asked_whatever_else_is_known() -> None:
    assert asked_of({OwnData.CITY, OwnData.NEWSLETTER}) == ()
    assert asked_of(set(OwnData)) == (OwnData.FIRST_CONTACT, OwnData.LAST_EVENT, OwnData.LAST_ORDER)
    assert len(asked_of({OwnData.CITY, OwnData.NEWSLETTER, OwnData.LAST_ORDER})) == 3


def test_a_hash_is_bound_to_case_question_and_key() -> None:
    one = digest(RING, "new", 1, OwnData.CITY, "molde")
    others = {
        digest(RING, "new", 2, OwnData.CITY, "molde"),
        digest(RING, "new", 1, OwnData.NEWSLETTER, "molde"),
        digest(RING, "old", 1, OwnData.CITY, "molde"),
        digest(RING, "new", 1, OwnData.CITY, "bergen"),
    }
    assert len(others) == 4
    assert one not in others
    assert "molde" not in one
