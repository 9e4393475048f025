"""The committed third-party files are the ones that were fetched."""

import gzip
from pathlib import Path

import pytest

from scripts import vendor


def test_committed_files_are_whole() -> None:
    assert vendor.check() == []


def test_changed_file_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DESIGNSYSTEMET", "INTER", "AXE"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "file.css").write_text("a{}")
        (folder / "SHA256SUMS").write_text(vendor.checksums(folder))
        monkeypatch.setattr(vendor, name, folder)
    assert vendor.check() == []
    (tmp_path / "INTER/file.css").write_text("b{}")
    (tmp_path / "AXE/added.js").write_text("")
    assert vendor.check() == [tmp_path / "INTER", tmp_path / "AXE"]


def test_first_page_view_stays_light() -> None:
    """Styles and font together; the font is compressed already, the styles travel compressed."""
    styles = [vendor.DESIGNSYSTEMET / "designsystemet.css", vendor.ROOT / "static/datarett.css"]
    weight = sum(len(gzip.compress(path.read_bytes())) for path in styles)
    weight += (vendor.INTER / "inter-latin.woff2").stat().st_size
    assert weight < 55_000
