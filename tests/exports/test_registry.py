"""The systems file: which system is reached how, and what is wrong with it by file, line and key."""

from pathlib import Path

import pytest
from pytest_django import Settings

from exports import registry
from exports.connectors.base import Connector, ConnectorError, Fault
from exports.connectors.manual import ManualConnector
from exports.connectors.sql import SqlConnector
from exports.demo import website
from exports.domain.records import Verb

HEAD = "schema: datarett-systems/1\nsystems:\n"
WEBSITE = "  website:\n    connector: sql\n    dataset: website.yaml\n"


@pytest.fixture
def file(tmp_path: Path, settings: Settings) -> Path:
    """Where the systems file belongs; there is none yet."""
    settings.SYSTEMS_FILE = tmp_path / "systems.yaml"
    (tmp_path / "website.yaml").write_bytes(website.DATASET.read_bytes())
    return tmp_path / "systems.yaml"


def problems_of(file: Path, text: str) -> list[str]:
    """What is said about a file with this text."""
    file.write_text(text, encoding="utf-8")
    with pytest.raises(registry.SystemsError) as caught:
        registry.entries()
    return [str(problem) for problem in caught.value.problems]


def test_without_a_file_every_system_is_worked_by_hand(file: Path) -> None:
    assert registry.entries() == {}
    assert isinstance(registry.connector_for("website"), ManualConnector)
    assert not registry.is_automatic("website", registry.entries())
    assert registry.problems() == []


def test_a_system_of_the_file_has_its_connector(file: Path) -> None:
    file.write_text(f'{HEAD}{WEBSITE}    url: "sqlite:////nowhere.sqlite3"\n    row_limit: 12\n', encoding="utf-8")
    found = registry.connector_for("website")
    assert isinstance(found, SqlConnector)
    assert found.dataset.label.nb
    assert registry.is_automatic("website", registry.entries())
    assert registry.problems() == []


def test_a_manual_system_may_have_instructions_of_its_own(file: Path) -> None:
    (file.parent / "own.yaml").write_text("shop:\n  read: {en: Ask Kari., nb: Spør Kari.}\n", encoding="utf-8")
    file.write_text(f"{HEAD}  shop: {{connector: manual, kind: shop, instructions: own.yaml}}\n", encoding="utf-8")
    assert instruction("shop") == "Spør Kari."
    assert not registry.is_automatic("shop", registry.entries())


def test_the_systems_we_know_have_instructions_of_their_kind(file: Path) -> None:
    assert "Finn kontakten" in instruction("hubspot")
    assert instruction("hubspot") != instruction("mailbox") != instruction("something-else")
    assert registry.NAME_PLACEHOLDER in instruction("something-else")


def instruction(system: str) -> str:
    """What a person is told to do, in Norwegian."""
    connector: Connector = registry.connector_for(system)
    assert isinstance(connector, ManualConnector)
    return connector.instruct(Verb.READ).text.nb


def test_the_address_may_come_from_the_environment(file: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file.write_text(f"{HEAD}{WEBSITE}    url_env: WEBSITE_URL\n", encoding="utf-8")
    with pytest.raises(ConnectorError, match=r"systems.yaml:4: systems.website: website: .* WEBSITE_URL is not set"):
        registry.connector_for("website")
    monkeypatch.setenv("WEBSITE_URL", "sqlite:////nowhere.sqlite3")
    assert isinstance(registry.connector_for("website"), SqlConnector)
    monkeypatch.delenv("WEBSITE_URL")
    (tmp_path / "secret").write_text("sqlite:////nowhere.sqlite3\n", encoding="utf-8")
    monkeypatch.setenv("WEBSITE_URL_FILE", str(tmp_path / "secret"))
    assert isinstance(registry.connector_for("website"), SqlConnector)


def test_a_secret_does_not_show(file: Path) -> None:
    file.write_text(f'{HEAD}{WEBSITE}    url: "postgresql://u:hemmelig@db/x"\n    roow_limit: 3\n', encoding="utf-8")
    assert "hemmelig" not in repr(registry.entries())
    assert "hemmelig" not in " ".join(registry.problems())
    assert "did you mean row_limit?" in registry.problems()[0]


def test_everything_wrong_is_told_with_file_line_and_key(file: Path) -> None:
    text = f"{HEAD}  website:\n    connector: sqll\n    dataset: [a]\n  shop: nothing\n"
    assert problems_of(file, text) == [
        "systems.yaml:4: systems.website.connector: there is no connector sqll (did you mean sql?)",
        "systems.yaml:5: systems.website.dataset: must be a text or a number, not a list",
        "systems.yaml:6: systems.shop: must be a mapping (key: value), not a text",
    ]


@pytest.mark.parametrize(
    "text, said",
    [
        ("", "systems.yaml: the file is empty"),
        ("systems: {}\n", "systems.yaml:1: lacks the key schema"),
        ("schema: other/1\nsystems: {}\n", 'systems.yaml:1: schema: must be "datarett-systems/1", not "other/1"'),
        (f"{HEAD}  - website\n", "systems.yaml:3: systems: must be a mapping (key: value), not a list"),
        (f"{HEAD}  website: {{}}\n", "systems.yaml:3: systems.website: lacks the key connector"),
        ("schema: [\n", "systems.yaml:2: no valid YAML"),
    ],
)
def test_a_broken_file_says_where(file: Path, text: str, said: str) -> None:
    found = problems_of(file, text)
    assert found[0].startswith(said)
    assert registry.problems() == found


def test_a_typo_in_a_dataset_is_told_with_both_files(file: Path) -> None:
    file.write_text(f'{HEAD}{WEBSITE}    url: "sqlite:////nowhere.sqlite3"\n', encoding="utf-8")
    dataset = file.parent / "website.yaml"
    dataset.write_text(dataset.read_text(encoding="utf-8").replace("collections:", "colections:"), encoding="utf-8")
    with pytest.raises(ConnectorError) as caught:
        registry.connector_for("website")
    assert (caught.value.fault, caught.value.permanent) == (Fault.BAD_DATASET, True)
    assert str(caught.value).startswith("systems.yaml:4: systems.website: website: website.yaml:")
    assert "did you mean collections?" in str(caught.value)
