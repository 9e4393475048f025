"""Reading a mail with limits that hold: in a child process that is killed when it takes too long.

Every mail goes to the child, small ones too: there is no size below which a parser is provably safe, and one
child kept alive reads thousands of small mails a second, where a new process for each would cost 60 ms.
One child serves one process, one mail at a time; a fork starts its own.
"""

import atexit
import fcntl
import json
import os
import selectors
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Sequence
from contextlib import suppress
from pathlib import Path

from .parse import parse_headers
from .parsed import CRASHED, TIMEOUT, UNREADABLE, ParsedMail, from_json
from .worker import LENGTH

MAX_ANSWER = 64 * 1024 * 1024  # bytes; far above what the caps of `parse` let through
MAILS_PER_CHILD = 5_000  # then a fresh one: memory that libraries leak is given back
_CHUNK = 1 << 16
_PIPE = 1 << 20  # bytes; so much of a mail, and of what it says, can lie between us while we do something else
_ROOT = Path(__file__).resolve().parents[2]


def parse_bounded(raw: bytes, *, seconds: int = 10, memory_mb: int = 512) -> ParsedMail:
    """Return the mail, or its headers with the problems `unreadable` and `timeout` or `crashed`.

    The child gets `seconds` of wall clock and of CPU and `memory_mb` of address space; when it oversteps, it is
    killed and the next mail gets a new one. Raises OSError only if no process can be started at all.
    """
    with _reader.lock:
        try:
            return from_json(json.loads(_reader.ask(raw, seconds, memory_mb)))
        except TimeoutError:
            problem = TIMEOUT
        except (_GoneError, ValueError, KeyError, TypeError):
            problem = CRASHED
        _reader.stop()
    return parse_headers(raw, UNREADABLE, problem)


def parse_ahead(
    raws: Sequence[bytes], *, seconds: int = 10, memory_mb: int = 512
) -> Generator[ParsedMail | None, None, None]:
    """Yield what each mail says, in this order, while the child reads the next one; None for what must be read alone.

    The limits are those of `parse_bounded`, which tells more of a mail that oversteps them. The child serves nobody
    else before the last mail, or the end of the iterator, which its user closes.
    """
    with _reader.lock:
        asked = False
        try:
            for number in range(len(raws) + 1):
                found = _parsed_ahead(seconds) if asked else None
                if asked := number < len(raws):
                    _reader.begin(raws[number], seconds, memory_mb)
                if number:
                    yield found
        finally:
            if asked:
                _reader.stop()


def _parsed_ahead(seconds: int) -> ParsedMail | None:
    try:
        return from_json(json.loads(_reader.finish(time.monotonic() + seconds)))
    except (TimeoutError, _GoneError, ValueError, KeyError, TypeError):
        _reader.stop()
        return None


class _GoneError(Exception):
    """The child ended without an answer."""


class _Child:
    """One running `worker`, asked over its standard streams."""

    def __init__(self, memory_mb: int) -> None:
        self.memory_mb, self.served = memory_mb, 0
        self._unsent = memoryview(b"")
        inward, self.questions = os.pipe()
        self.answers, outward = os.pipe()
        try:
            self.process = subprocess.Popen(  # noqa: S603  (our own interpreter, our own module)
                [sys.executable, "-m", "requests_app.mailbox.worker", str(memory_mb)],
                stdin=inward,
                stdout=outward,
                stderr=subprocess.DEVNULL,  # a traceback would hold pieces of the mail
                cwd=_ROOT,
                env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},  # no secrets
            )
        except OSError:
            self.release()
            raise
        finally:
            os.close(inward)
            os.close(outward)
        os.set_blocking(self.questions, False)
        for pipe in (self.questions, self.answers):
            with suppress(AttributeError, OSError):  # elsewhere than on Linux, or where pipes are counted
                fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE)

    def begin(self, question: bytes) -> None:
        """Write as much of the question as there is room for; `finish` does the rest."""
        self.served += 1
        self._unsent = memoryview(question)
        with suppress(BlockingIOError, _GoneError):
            while self._unsent:
                self._send()

    def finish(self, deadline: float) -> bytes:
        """Write what is left of the question and read the answer.

        Raises TimeoutError where it is not there at the deadline (monotonic), or _GoneError.
        """
        answer = bytearray()
        with selectors.DefaultSelector() as selector:
            selector.register(self.answers, selectors.EVENT_READ)
            if self._unsent:
                selector.register(self.questions, selectors.EVENT_WRITE)
            while len(answer) < _expected(answer):
                left = deadline - time.monotonic()
                ready = {key.fd for key, _ in selector.select(left)} if left > 0 else set()
                if not ready:
                    raise TimeoutError
                if self.answers in ready:
                    answer += self._received()
                if self.questions in ready:
                    self._send()
                    if not self._unsent:
                        selector.unregister(self.questions)
        return bytes(answer[LENGTH.size :])

    def _received(self) -> bytes:
        chunk = os.read(self.answers, _CHUNK)
        if not chunk:
            raise _GoneError
        return chunk

    def _send(self) -> None:
        try:
            self._unsent = self._unsent[os.write(self.questions, self._unsent[:_CHUNK]) :]
        except BrokenPipeError as error:
            raise _GoneError from error

    def release(self) -> None:
        """Close our ends of the pipes; a child left alone then ends by itself."""
        os.close(self.questions)
        os.close(self.answers)

    def stop(self) -> None:
        """End the child and wait until it is gone."""
        self.process.kill()
        self.process.wait()
        self.release()


def _expected(answer: bytearray) -> int:
    """The length of the whole answer as far as it is known. Raises _GoneError for an absurd one."""
    if len(answer) < LENGTH.size:
        return LENGTH.size
    (length,) = LENGTH.unpack_from(answer)
    if length > MAX_ANSWER:
        raise _GoneError
    return LENGTH.size + int(length)


class _Reader:
    """The child of this process, started when it is first needed."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.child: _Child | None = None

    def ask(self, raw: bytes, seconds: int, memory_mb: int) -> bytes:
        """Send one mail and return the answer; a second time if a child that had answered before is gone.

        It may have gone to rest, or been ended by the system, for no fault of this mail. Both have the same deadline.
        """
        deadline = time.monotonic() + seconds
        child = self.begin(raw, seconds, memory_mb)
        proven = child.served > 1
        try:
            return child.finish(deadline)
        except _GoneError:
            if not proven:
                raise
        self.stop()
        return self.begin(raw, seconds, memory_mb).finish(deadline)

    def begin(self, raw: bytes, seconds: int, memory_mb: int) -> _Child:
        """Ask a child to read a mail; return the one that does."""
        child = self._ready(memory_mb)
        child.begin(LENGTH.pack(LENGTH.size + len(raw)) + LENGTH.pack(seconds) + raw)
        return child

    def finish(self, deadline: float) -> bytes:
        """Return the answer of the child that was asked. Raises TimeoutError or _GoneError."""
        if self.child is None:
            raise _GoneError
        return self.child.finish(deadline)

    def _ready(self, memory_mb: int) -> _Child:
        child = self.child
        if child is None or child.memory_mb != memory_mb or child.served >= MAILS_PER_CHILD:
            self.stop()
            child = self.child = _Child(memory_mb)
        return child

    def stop(self) -> None:
        """End the child, if there is one."""
        child, self.child = self.child, None
        if child is not None:
            child.stop()

    def disown(self) -> None:
        """In a forked process: the child belongs to the parent, who will stop it."""
        if self.child is not None:
            self.child.release()
            self.child.process.returncode = 0  # not ours to wait for


_reader = _Reader()


def stop() -> None:
    """End the child of this process, if there is one; the next mail gets a new one."""
    with _reader.lock:
        _reader.stop()


def _start_afresh() -> None:
    global _reader
    _reader.disown()
    _reader = _Reader()  # the old lock may be held by a thread that was not forked with us


os.register_at_fork(after_in_child=_start_afresh)
atexit.register(stop)
