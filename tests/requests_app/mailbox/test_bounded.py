"""Limits that hold: hostile mails are survived, the reader is replaced when it dies, and it knows no secrets."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from requests_app.mailbox import bounded
from requests_app.mailbox.bounded import parse_ahead, parse_bounded
from requests_app.mailbox.parse import parse

from . import smime
from .mails import DEV, mail

ROOT = Path(__file__).parents[3]


def nested(levels: int) -> bytes:
    """Multiparts inside multiparts."""
    opened = (f'Content-Type: multipart/mixed; boundary="b{n}"\r\n\r\n--b{n}\r\n' for n in range(levels))
    return mail().partition(b"\r\n\r\n")[0] + f"\r\n{''.join(opened)}Content-Type: text/plain\r\n\r\nHei".encode()


def sealed(container: bytes) -> bytes:
    """A mail that is one S/MIME container."""
    *head, text = smime.part(container)
    return mail(*head, body=text)


def child_pid() -> int:
    """The process id of the reader in use."""
    child = bounded._reader.child
    assert child is not None
    return child.process.pid


HOSTILE = {
    "20,000 addresses": mail("To: " + ",\r\n ".join(f"U{n} <u{n}@example.com>" for n in range(20_000))),
    "2,000 nested parentheses": mail(sender="(" * 2_000 + " kari@example.com"),
    "1,500 nested multiparts": nested(1_500),
    "endless multipart": mail("Content-Type: multipart/mixed; boundary=a", body="--a\r\n\r\nx\r\n" * 300_000),
    "endless nesting": mail(
        "Content-Type: multipart/mixed; boundary=a",
        body="--a\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n" * 60_000,
    ),
    "a content type of a megabyte": mail("Content-Type: text/plain; x=" + '";' * 500_000),
    "a million fields": mail(*["X: a"] * 1_000_000),
    "100,000 nested divs": mail("Content-Type: text/html", body="<div>" * 100_000 + "Hei"),
    "a header word without end": mail("Subject: " + "=?utf-8?Q?" * 100_000),
    "50 MB of header": mail(*[f"X-Fill: {'x' * 990}"] * 50_000),
    "a million signed contents in each other": sealed(smime.endless(1_000_000)),
    "a signed content in a million pieces": sealed(smime.streamed(b"x" * 1_000_000, chunk=1)),
    "25 MB in one line": mail(body="x" * 25_000_000),
}


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_mail_still_says_who_wrote(raw: bytes) -> None:
    found = parse_bounded(raw)
    assert found.from_address == "kari@example.com"
    assert "unreadable" not in found.problems


def test_the_child_reads_what_we_would_read() -> None:
    for path in DEV:
        raw = path.read_bytes()
        assert parse_bounded(raw) == parse(raw)


def test_overrunning_the_time_leaves_the_headers() -> None:
    found = parse_bounded(mail(body="Slett meg"), seconds=0)
    assert (found.from_address, found.subject, found.text) == ("kari@example.com", "Hei", "")
    assert found.problems == ("unreadable", "timeout")
    assert parse_bounded(mail(body="Slett meg")).text == "Slett meg"


def test_a_reader_that_hangs_is_ended_and_replaced() -> None:
    parse_bounded(mail())
    first = child_pid()
    os.kill(first, signal.SIGSTOP)
    found = parse_bounded(mail(body="Slett meg"), seconds=1)
    assert (found.from_address, found.problems) == ("kari@example.com", ("unreadable", "timeout"))
    assert not Path(f"/proc/{first}").exists()
    assert parse_bounded(mail(body="Slett meg")).text == "Slett meg"


def test_a_reader_that_dies_late_leaves_the_next_one_no_time_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    parse_bounded(mail())
    deadlines: list[float] = []

    def dying(child: object, deadline: float) -> bytes:
        deadlines.append(deadline)
        raise bounded._GoneError

    monkeypatch.setattr(bounded._Child, "finish", dying)
    assert parse_bounded(mail()).problems == ("unreadable", "crashed")
    assert len(deadlines) == 2
    assert len(set(deadlines)) == 1


def test_overrunning_the_memory_leaves_the_headers() -> None:
    hungry = mail("Content-Type: multipart/mixed; boundary=a", body="--a\r\n\r\n" + "\n" * 12_000_000)
    found = parse_bounded(hungry, memory_mb=256)
    assert found.from_address == "kari@example.com"
    assert found.problems == ("unreadable", "crashed")
    assert parse_bounded(mail(body="Slett meg"), memory_mb=256).text == "Slett meg"


def test_a_reader_that_died_between_two_mails_is_replaced() -> None:
    parse_bounded(mail())
    first = child_pid()
    os.kill(first, signal.SIGKILL)
    os.waitid(os.P_PID, first, os.WEXITED | os.WNOWAIT)
    assert parse_bounded(mail(body="Slett meg")).text == "Slett meg"
    assert child_pid() != first


def test_one_reader_serves_many_mails() -> None:
    parse_bounded(mail())
    first = child_pid()
    parse_bounded(mail())
    assert child_pid() == first


def test_read_ahead_they_say_what_they_say_alone_however_large() -> None:
    large = mail(body="Slett meg. " * 300_000)
    raws = [*(path.read_bytes() for path in DEV[:20]), large, mail(body="Hei"), large, large]
    assert list(parse_ahead(raws)) == [parse(raw) for raw in raws]
    assert list(parse_ahead([])) == []


def test_of_those_read_ahead_one_that_kills_its_reader_is_left_and_the_others_are_read() -> None:
    hungry = mail("Content-Type: multipart/mixed; boundary=a", body="--a\r\n\r\n" + "\n" * 12_000_000)
    found = list(parse_ahead([mail(body="En"), hungry, mail(body="To")], memory_mb=256))
    assert [one and one.text for one in found] == ["En", None, "To"]


def test_of_those_read_ahead_one_that_hangs_is_left_and_the_others_are_read() -> None:
    several = parse_ahead([mail(body="En"), mail(body="To"), mail(body="Tre")], seconds=1)
    first = next(several)
    os.kill(child_pid(), signal.SIGSTOP)  # it may have read the second by now
    found = [one and one.text for one in (first, *several)]
    assert found in (["En", None, "Tre"], ["En", "To", None])
    assert parse_bounded(mail(body="Slett meg")).text == "Slett meg"


def test_whoever_stops_reading_ahead_leaves_no_answer_behind() -> None:
    several = parse_ahead([mail(body="En"), mail(body="To")])
    next(several)
    several.close()
    assert parse_bounded(mail(body="Tre")).text == "Tre"


def test_a_forked_process_gets_a_reader_of_its_own() -> None:
    parse_bounded(mail())
    ours = child_pid()
    inward, outward = os.pipe()
    forked = os.fork()
    if forked == 0:
        found = parse_bounded(mail(body="Slett meg"))
        os.write(outward, f"{found.text}:{child_pid()}".encode())
        bounded._reader.stop()
        os._exit(0)
    os.close(outward)
    text, _, theirs = os.read(inward, 1_000).decode().partition(":")
    os.close(inward)
    os.waitpid(forked, 0)
    assert text == "Slett meg"
    assert int(theirs) != ours
    assert parse_bounded(mail(body="Hei igjen")).text == "Hei igjen"
    assert child_pid() == ours


def test_the_reader_knows_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATARETT_SECRET_KEY", "very-secret")
    bounded._reader.stop()
    parse_bounded(mail())
    environment = Path(f"/proc/{child_pid()}/environ").read_bytes()
    assert b"DATARETT" not in environment


def test_the_reader_does_not_load_django() -> None:
    code = "import sys, requests_app.mailbox.worker; print([m for m in sys.modules if m.startswith('django')])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
