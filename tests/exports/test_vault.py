"""Files at rest: encrypted, whole, in their place only."""

import hashlib
import os
import stat
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from exports import vault
from requests_app.domain.envelope import DamagedEnvelope

SECRET = b"Ingrid Solvang, Brattvaagveien 12"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings) -> Path:
    """A vault of our own."""
    settings.FILES_URL = f"file:{tmp_path}"
    return tmp_path


def test_what_was_stored_comes_back_and_is_unreadable_on_the_disk(folder: Path) -> None:
    sha256 = vault.store("tasks/1/1-result.json", SECRET, binding="case:a")
    assert vault.load("tasks/1/1-result.json", binding="case:a") == SECRET
    assert sha256 == hashlib.sha256(SECRET).hexdigest()
    raw = (folder / "tasks/1/1-result.json").read_bytes()
    assert SECRET not in raw
    assert b"Ingrid" not in raw


def test_only_we_may_read_file_and_folder(folder: Path) -> None:
    vault.store("tasks/1/1-result.json", SECRET, binding="case:a")
    assert stat.S_IMODE((folder / "tasks/1/1-result.json").stat().st_mode) == 0o600
    assert stat.S_IMODE((folder / "tasks/1").stat().st_mode) == 0o700


def test_a_file_opens_for_its_own_case_and_under_its_own_name_only(folder: Path) -> None:
    vault.store("a/1", SECRET, binding="case:a")
    with pytest.raises(DamagedEnvelope):
        vault.load("a/1", binding="case:b")
    (folder / "b").mkdir()
    os.rename(folder / "a/1", folder / "b/1")
    with pytest.raises(DamagedEnvelope):
        vault.load("b/1", binding="case:a")


def test_the_same_name_is_the_same_file(folder: Path) -> None:
    vault.store("a/1", b"old", binding="case:a")
    vault.store("a/1", b"new", binding="case:a")
    assert vault.load("a/1", binding="case:a") == b"new"
    assert [path.name for path in (folder / "a").iterdir()] == ["1"]


def test_a_full_disk_leaves_the_old_file_and_no_rubbish(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vault.store("a/1", b"old", binding="case:a")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        vault.store("a/1", b"new", binding="case:a")
    assert vault.load("a/1", binding="case:a") == b"old"
    assert [path.name for path in (folder / "a").iterdir()] == ["1"]


def test_a_file_that_is_gone_is_told_apart_from_a_damaged_one(folder: Path) -> None:
    with pytest.raises(vault.MissingFile):
        vault.load("a/1", binding="case:a")
    vault.store("a/1", SECRET, binding="case:a")
    path = folder / "a/1"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(DamagedEnvelope):
        vault.load("a/1", binding="case:a")


def test_deleting_twice_is_no_error() -> None:
    vault.store("a/1", SECRET, binding="case:a")
    vault.delete("a/1")
    vault.delete("a/1")
    with pytest.raises(vault.MissingFile):
        vault.load("a/1", binding="case:a")


@pytest.mark.parametrize("name", ["", "/etc/passwd", "../up", "a/../b", "a//b", "a/.hidden", "A", "a\0", "a\n", "å"])
def test_a_name_cannot_leave_the_folder(name: str) -> None:
    with pytest.raises(ValueError, match="relative path"):
        vault.store(name, SECRET, binding="case:a")


@pytest.mark.parametrize("url", ["s3://bucket", "file://host/folder", "file:relative", "/folder", ""])
def test_another_kind_of_store_is_refused_by_name_of_the_setting(url: str, settings: Settings) -> None:
    settings.FILES_URL = url
    with pytest.raises(ImproperlyConfigured, match="DATARETT_FILES_URL"):
        vault.store("a/1", SECRET, binding="case:a")
