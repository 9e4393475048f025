"""Names and manifest of the package."""

import hashlib
import json
import re
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.domain.bundle import (
    DATA_JSON,
    MANIFEST_JSON,
    file_slug,
    manifest,
    manifest_entry,
    stable_json,
    table_names,
)
from tests.exports.manifests import mismatches

CREATED = datetime(2026, 5, 21, 10, 14, tzinfo=timezone(timedelta(hours=2)))
FILES = {DATA_JSON: b"{}\n", "tables/01_hubspot_hendelser.csv": b"a\r\n"}


def a_manifest() -> bytes:
    entries = [
        manifest_entry("tables/01_hubspot_hendelser.csv", b"a\r\n", rows=0, system="HubSpot", extracted_at=CREATED),
        manifest_entry(DATA_JSON, b"{}\n"),
    ]
    return manifest(entries, reference="DR-2026-000418-52", created_at=CREATED, extractor="datarett 0.1.0")


@pytest.mark.parametrize(
    "text, slug",
    [
        ("HubSpot", "hubspot"),
        ("Kundeservice på e-post", "kundeservice-pa-e-post"),
        ("Ærlig øl i Åsgårdstrand", "aerlig-ol-i-asgardstrand"),
        ("Šiŋŋa & Ŧuovžu", "sinna-tuovzu"),
        ("../../etc/passwd", "etc-passwd"),
        ("شكرا", "data"),
        ("", "data"),
    ],
)
def test_names_are_plain(text: str, slug: str) -> None:
    assert file_slug(text) == slug


@given(st.text())
def test_no_name_can_leave_its_folder(text: str) -> None:
    assert re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?", file_slug(text))


@given(st.lists(st.tuples(st.text(max_size=3), st.text(max_size=3)), max_size=20))
def test_no_two_tables_share_a_name(tables: list[tuple[str, str]]) -> None:
    names = table_names(tables)
    assert len(set(names)) == len(tables)


def test_the_manifest_proves_every_file() -> None:
    listed = json.loads(a_manifest())
    assert [row["file"] for row in listed["files"]] == sorted(FILES)
    assert {row["file"]: row["sha256"] for row in listed["files"]} == {
        name: hashlib.sha256(content).hexdigest() for name, content in FILES.items()
    }
    assert listed["files"][1] == {
        "file": "tables/01_hubspot_hendelser.csv",
        "sha256": hashlib.sha256(b"a\r\n").hexdigest(),
        "bytes": 3,
        "rows": 0,
        "system": "HubSpot",
        "extracted_at": "2026-05-21T08:14:00Z",
    }


def test_the_manifest_is_the_same_every_time() -> None:
    assert a_manifest() == a_manifest()


def test_a_whole_package_agrees() -> None:
    assert mismatches(a_manifest(), {**FILES, MANIFEST_JSON: a_manifest()}) == ()


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({**FILES, DATA_JSON: b"{ }\n"}, id="changed"),
        pytest.param({name: content for name, content in FILES.items() if name != DATA_JSON}, id="missing"),
    ],
)
def test_a_changed_or_missing_file_is_named(files: dict[str, bytes]) -> None:
    assert mismatches(a_manifest(), files) == (DATA_JSON,)


def test_a_file_that_nobody_listed_is_named() -> None:
    assert mismatches(a_manifest(), {**FILES, "extra.txt": b""}) == ("extra.txt",)


def test_two_entries_of_one_name_are_refused() -> None:
    twice = [manifest_entry("a", b""), manifest_entry("a", b"")]
    with pytest.raises(ValueError, match="share a file name"):
        manifest(twice, reference="", created_at=CREATED, extractor="")


def test_a_time_without_a_zone_is_refused() -> None:
    naive = CREATED.replace(tzinfo=None)
    with pytest.raises(ValueError, match="no time zone"):
        manifest_entry("a", b"", extracted_at=naive)
    with pytest.raises(ValueError, match="no time zone"):
        manifest([], reference="", created_at=naive, extractor="")


@given(st.text())
def test_json_holds_any_text(text: str) -> None:
    assert json.loads(stable_json({"text": text, "at": 1})) == {"text": text, "at": 1}


def test_json_holds_broken_text_of_a_vendor() -> None:
    assert json.loads(stable_json(["\ud800"])) == ["\ud800"]
    assert stable_json(["\ud800"]).decode() == '[\n  "\\ud800"\n]\n'


def test_json_has_no_nan() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        stable_json(float("nan"))
