"""A register written as YAML reads as the same register."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.domain import register

from .register_files import ours, policy, small, trial


@pytest.mark.parametrize("made", [ours, policy, trial])
def test_what_is_written_reads_as_the_same(made: object) -> None:
    before = made()  # type: ignore[operator]
    assert register.parse_text(register.to_yaml(before)) == before


def test_unknown_and_contradictions_stay() -> None:
    after = register.parse_text(register.to_yaml(ours()))
    assert after.controller.org_number is register.UNKNOWN
    assert after.activity("PA02").source_systems == (register.UNKNOWN,)
    assert after.system("hubspot").seed_conflict == ours().system("hubspot").seed_conflict is not None


def test_a_text_that_only_sounds_incomplete_stays_complete() -> None:
    known = register.Text(en="Unknown Pleasures AS", nb="Unknown Pleasures AS")
    filled = register.fill(ours(), "activities.PA02.recipients", [known])
    assert register.parse_text(register.to_yaml(filled)).activity("PA02").recipients == (known,)


def test_the_heading_is_a_comment_however_many_lines_it_has() -> None:
    text = register.to_yaml(ours(), heading=["Version 3\nschema: nonsense"])
    assert text.startswith("# Version 3\n# schema: nonsense\n")
    assert register.parse_text(text) == ours()


def _is_wording(text: str) -> bool:
    try:
        register.same(text)
    except register.BadWording:
        return False
    return text == text.strip()


WORDINGS = st.text(min_size=1, max_size=60).filter(_is_wording)


@given(en=WORDINGS, nb=WORDINGS)
def test_every_wording_survives(en: str, nb: str) -> None:
    filled = register.fill(small(), "activities.A1.retention", register.Text(en=en, nb=nb), replace=True)
    assert register.parse_text(register.to_yaml(filled)) == filled
