"""Hints in files: written whole, thrown away when they are broken, found by whoever looks."""

from collections.abc import Iterator
from pathlib import Path
from queue import Empty
from threading import Thread
from typing import Any

import pytest
from kombu.connection import Connection
from kombu.exceptions import ChannelError

from config import hints


@pytest.fixture
def channel(tmp_path: Path) -> Iterator[Any]:
    """A channel of the embedded broker, with folders of its own."""
    hints.register()
    folders = {name: str(tmp_path / "hints") for name in ("data_folder_in", "data_folder_out")}
    options = folders | {"control_folder": str(tmp_path / "control"), "store_processed": False}
    with Connection(f"{hints.SCHEME}://localhost", transport_options=options) as connection:  # type: ignore[no-untyped-call]
        yield connection.channel()


def test_a_hint_comes_back_as_it_was(channel: Any) -> None:
    channel._put("celery", {"body": "æøå"})
    assert channel._get("celery") == {"body": "æøå"}
    with pytest.raises(Empty):
        channel._get("celery")


@pytest.mark.parametrize("content", [b"", b'{"body": "ab', b"\xff"])
def test_half_a_hint_ends_no_worker(channel: Any, content: bytes) -> None:
    Path(channel.data_folder_in, "1_x.celery.msg").write_bytes(content)
    with pytest.raises(Empty):
        channel._get("celery")
    channel._put("celery", {"body": "b"})
    assert channel._get("celery") == {"body": "b"}


def test_whoever_reads_while_another_writes_gets_every_hint_once(channel: Any) -> None:
    wanted = list(range(400))
    writer = Thread(target=lambda: [channel._put("celery", {"n": n, "filling": "x" * 4000}) for n in wanted])
    writer.start()
    found: list[int] = []
    while writer.is_alive() or len(found) < len(wanted):
        try:
            found.append(channel._get("celery")["n"])
        except Empty:
            assert writer.is_alive() or len(found) == len(wanted), "a hint was lost"
    writer.join()
    assert sorted(found) == wanted


def test_a_folder_that_cannot_be_written_says_so(channel: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: object, **kwargs: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(ChannelError):
        channel._put("celery", {"body": "b"})
    assert list(Path(channel.data_folder_out).iterdir()) == []
