"""The child process that reads mails for `bounded`: `python -m requests_app.mailbox.worker MEMORY_MB`.

A frame is a length (8 bytes, big-endian) and that many bytes. In: seconds of CPU (8 bytes) and a raw mail.
Out: the mail as JSON. The child holds no secrets, writes no files and ends by itself when left alone.
"""

import json
import os
import resource
import select
import struct
import sys
from typing import BinaryIO

from .limits import confine
from .parse import parse

IDLE_SECONDS = 120.0
LENGTH = struct.Struct(">Q")


def main(memory_mb: int) -> None:
    """Answer frames on stdin until it is closed or nothing has come for IDLE_SECONDS."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not become part of an answer
    confine(memory_mb)
    while select.select([0], [], [], IDLE_SECONDS)[0]:
        frame = _read_frame(sys.stdin.buffer)
        if frame is None:
            return
        (seconds,) = LENGTH.unpack_from(frame)
        _allow_cpu(seconds)
        answer = json.dumps(parse(frame[LENGTH.size :]).as_json()).encode()
        answers.write(LENGTH.pack(len(answer)) + answer)
        answers.flush()


def _allow_cpu(seconds: int) -> None:
    """Move the CPU limit ahead of what was used: the kernel ends us even if the parent has died."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


def _read_frame(stream: BinaryIO) -> bytes | None:
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    frame = stream.read(length)
    return frame if len(frame) == length else None


if __name__ == "__main__":
    main(int(sys.argv[1]))
