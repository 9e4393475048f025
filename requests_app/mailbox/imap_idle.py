"""Listening to an IMAP server until it says that mail has come (IDLE, RFC 2177).

It only wakes us: a server or something on the way may fall silent for good, so looks go on as they would without it.
"""

import time
from threading import Event

from imapclient import IMAPClient

AGAIN = 300.0  # seconds after which IDLE is asked for anew: servers and firewalls forget who says nothing
SLICE = 1.0  # seconds after which we hear that we are to stop


def listen(client: IMAPClient, seconds: float, stop: Event) -> bool:
    """Listen to the open folder for at most so long; tell whether mail has come. Raises what imapclient raises."""
    until = time.monotonic() + seconds
    news = False
    while not news and not stop.is_set() and time.monotonic() < until:
        client.idle()
        again = min(until, time.monotonic() + AGAIN)
        while not news and not stop.is_set() and (left := again - time.monotonic()) > 0:
            news = _tells_of_mail(client.idle_check(timeout=min(left, SLICE)))
        _text, said = client.idle_done()
        news = news or _tells_of_mail(said)
    return news


def _tells_of_mail(said: object) -> bool:
    lines = said if isinstance(said, list) else []
    return any(isinstance(line, tuple) and b"EXISTS" in line[1:2] for line in lines)
