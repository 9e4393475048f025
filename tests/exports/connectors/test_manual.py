"""Systems worked by hand: an instruction for every verb, in both languages, and never a word about the person."""

from pathlib import Path

import pytest

from exports.connectors.base import Connector, ConnectorError, Fault
from exports.connectors.manual import TOLD_TO_STOP, ManualConnector
from exports.connectors.sql import SqlConnector
from exports.demo.website import DATASET
from exports.domain.changes import FieldChange
from exports.domain.enums import Measure
from exports.domain.records import Outcome, Subject, Verb
from exports.domain.records_json import from_json, to_json

KINDS = (
    *("generic", "hubspot", "dynamics", "google_analytics", "advertising", "google_ads", "display_video"),
    *("meta_ads", "microsoft_ads", "linkedin", "mailbox"),
)
BY_HAND = [verb for verb in Verb if verb is not Verb.PROBE]
OLA = Subject(emails=("ola@example.com",), phones=("+47 100 00 101",))


def manual(**settings: object) -> ManualConnector:
    """The connector of a system called `crm`."""
    return ManualConnector.from_settings("crm", settings)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("verb", BY_HAND)
def test_every_kind_has_an_instruction_for_every_verb(kind: str, verb: Verb) -> None:
    text = manual(kind=kind, name="Kundebasen").instruct(verb).text
    for language in ("en", "nb"):
        written = text.in_language(language)
        assert len(written) > 40
        assert "{" not in written
    assert text.en != text.nb
    assert ("Kundebasen" in text.en) == ("Kundebasen" in text.nb)


def test_reading_and_locating_end_as_work_for_a_human() -> None:
    connector = manual(kind="hubspot", name="HubSpot")
    read, located = connector.read(OLA), connector.locate(OLA)
    assert (read.outcome, read.records, read.query_log) == (Outcome.MANUAL, (), ())
    assert (located.outcome, list(located)) == (Outcome.MANUAL, [])
    assert read.instruction == connector.instruct(Verb.READ)
    assert located.instruction == connector.instruct(Verb.LOCATE)
    assert "ola@example.com" not in to_json(read)
    assert from_json(to_json(read)) == read
    assert connector.probe().ok


def test_changing_anything_ends_as_work_for_a_human() -> None:
    connector = manual(kind="hubspot", name="HubSpot")
    change = FieldChange("contacts", "1", "name", "Ola", "Åse")
    delete, anonymise = {"PA03": Measure.DELETE}, {"PA03": Measure.ANONYMISE, "PA04": Measure.KEEP}
    for verb, result in (
        (Verb.RECTIFY, connector.rectify(OLA, [change])),
        (Verb.ERASE, connector.erase(OLA, delete)),
        (Verb.ANONYMISE, connector.erase(OLA, anonymise)),
        (Verb.VERIFY, connector.verify(OLA, delete)),
        (Verb.WITHDRAW, connector.withdraw(OLA)),
        (Verb.RESTRICT, connector.restrict(OLA, ["PA03"], list)),
        (Verb.UNRESTRICT, connector.unrestrict(OLA, [change])),
    ):
        assert (result.outcome, result.verified, result.rows) == (Outcome.MANUAL, False, 0)
        assert result.instruction == connector.instruct(verb)


def test_the_name_of_a_system_is_only_a_name() -> None:
    text = manual(name="{system} & {0}").instruct(Verb.READ).text
    assert "{system} & {0}" in text.en
    assert "crm" in manual().instruct(Verb.READ).text.nb


def test_due_times() -> None:
    assert manual().instruct(Verb.READ).due_working_days == 10
    assert manual(due_working_days=5).instruct(Verb.ERASE).due_working_days == 5
    assert manual().instruct(Verb.WITHDRAW).due_working_days == TOLD_TO_STOP
    assert manual(due_working_days=1).instruct(Verb.WITHDRAW).due_working_days == 1


def test_nobody_probes_by_hand() -> None:
    with pytest.raises(ValueError, match="probe"):
        manual().instruct(Verb.PROBE)


def test_an_installation_writes_its_own_instructions(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(
        "hubspot:\n  read: {en: Ask Åse., nb: Spør Åse.}\n"
        "loyalty:\n  like: hubspot\n  erase: {en: 'Ring {system}.', nb: 'Ring {system}.'}\n",
        encoding="utf-8",
    )
    hubspot = manual(kind="hubspot", instructions=own)
    loyalty = manual(kind="loyalty", instructions=str(own), name="Fordel")
    assert hubspot.instruct(Verb.READ).text.nb == "Spør Åse."
    assert hubspot.instruct(Verb.ERASE) == manual(kind="hubspot").instruct(Verb.ERASE)
    assert loyalty.instruct(Verb.READ).text.en == "Ask Åse."
    assert loyalty.instruct(Verb.ERASE).text.nb == "Ring Fordel."
    assert manual(kind="hubspot").instruct(Verb.READ).text.nb != "Spør Åse."


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("hubspot:\n  raed: {en: a, nb: b}", "own.yaml:2: hubspot.raed: is no key of this place (did you mean read?)"),
        ("hubspot:\n  read: {en: a}", "own.yaml:2: hubspot.read: lacks the key nb"),
        ("hubspot:\n  read: text", "own.yaml:2: hubspot.read: must be a mapping"),
        ("hubspot: text", "own.yaml:1: hubspot: must be a mapping"),
        ("- hubspot", "own.yaml:1: must hold kinds of system, not a list"),
        ("mine:\n  like: hubspt", "own.yaml:1: mine.like: hubspt is not here (did you mean hubspot?)"),
        ("a:\n  like: b\nb:\n  like: a", "own.yaml:1: a.like: leads back to itself"),
        ("", "own.yaml: the file is empty"),
    ],
)
def test_own_instructions_with_a_slip(tmp_path: Path, text: str, told: str) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(text, encoding="utf-8")
    with pytest.raises(ConnectorError) as caught:
        manual(instructions=own)
    assert told in str(caught.value)
    assert (caught.value.permanent, caught.value.fault) == (True, Fault.BAD_SETTINGS)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"kind": "hubspt"}, "crm: there are no instructions for 'hubspt' (did you mean hubspot?)"),
        ({"knd": "x"}, "crm: unknown setting 'knd' (did you mean kind?)"),
        ({"due_working_days": 0}, "crm: setting 'due_working_days' must be a number from 1 to 60"),
        ({"instructions": 7}, "crm: setting 'instructions' must be the path of a file"),
        ({"instructions": "/nowhere/own.yaml"}, "crm: own.yaml: the file cannot be read"),
    ],
)
def test_settings_that_cannot_be_used(settings: dict[str, object], told: str) -> None:
    with pytest.raises(ConnectorError) as caught:
        ManualConnector.from_settings("crm", settings)
    assert told in str(caught.value)


def test_connectors_keep_the_protocol() -> None:
    settings = {"url": "sqlite:///none.sqlite3", "dataset": DATASET}
    sql = SqlConnector.from_settings("website", settings)
    writing = SqlConnector.from_settings("website", settings | {"writable": True})
    assert sql.abilities == {Verb.PROBE, Verb.LOCATE, Verb.READ}
    assert writing.abilities == manual().abilities == frozenset(Verb)
    for connector in (manual(), sql, writing):
        assert isinstance(connector, Connector)
        verbs = connector.abilities - {Verb.ANONYMISE}  # done by `erase`
        assert all(callable(getattr(connector, verb)) for verb in verbs)
        assert {Verb.PROBE, Verb.LOCATE, Verb.READ} <= connector.abilities
