"""Between two looks an IMAP server may wake us, and nothing it does or leaves undone keeps us from the next look."""

from collections.abc import Iterator
from threading import Event, Thread

import pytest

from requests_app.mailbox import imap_idle
from requests_app.mailbox.imap import ImapMailbox
from requests_app.mailbox.imap_address import read
from tests.requests_app.services.post import letter
from tests.services.dovecot import Dovecot, dovecot
from tests.services.garbling import garbling

FOREVER = 3000.0  # seconds


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    """A Dovecot for all tests of this file."""
    with dovecot() as running:
        yield running


class Resting(Thread):
    """Somebody who has looked at a mailbox and rests; `woken`: they were not told to stop."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self.mailbox, self.stop, self.woken = ImapMailbox(read(url)), Event(), False
        self.mailbox.look()

    def run(self) -> None:
        """Rest."""
        self.woken = not self.mailbox.rest(FOREVER, self.stop)

    def end(self) -> None:
        """Tell them to stop, and wait until they do."""
        self.stop.set()
        assert self.ended()
        self.mailbox.close()

    def ended(self, within: float = 60.0) -> bool:
        """Tell whether the rest is over, or becomes so."""
        self.join(within)
        return not self.is_alive()


@pytest.mark.parametrize("folders", ["", "*", "Støtte,INBOX"])
def test_mail_that_comes_ends_the_rest(server: Dovecot, folders: str) -> None:
    folder = "Støtte" if "Støtte" in folders else "INBOX"
    server.deliver(letter(), folder=folder)
    resting = Resting(server.url(folders=folders))
    resting.start()
    for _ in range(60):  # it may have come before anybody listened
        server.deliver(letter(), folder=folder)
        if resting.ended(within=1.0):
            break
    assert resting.ended()
    assert resting.woken
    assert resting.mailbox.look().candidates  # the same connection goes on
    resting.end()


def test_being_told_to_stop_ends_the_rest(server: Dovecot) -> None:
    resting = Resting(server.url())
    resting.start()
    resting.end()
    assert not resting.woken


def test_idle_is_asked_for_again_and_again(server: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap_idle, "AGAIN", 0.05)
    with garbling(server.port) as relay:
        resting = Resting(server.url(tls=False).replace(f":{server.port}/", f":{relay.port}/"))
        resting.start()
        while relay.said.count(b"+ idling") < 3:
            assert resting.is_alive()
            resting.join(0.05)
        resting.end()


@pytest.mark.parametrize("garbled", [{b" IDLE": b""}, {b"+ idling": b"* BYE"}, {b"+ idling": b"+ (((\r\n"}])
def test_a_server_that_cannot_or_breaks_off_is_looked_at_in_time(server: Dovecot, garbled: dict[bytes, bytes]) -> None:
    with garbling(server.port) as relay:
        relay.garbled.update(garbled)
        mailbox = ImapMailbox(read(server.url(tls=False).replace(f":{server.port}/", f":{relay.port}/")))
        mailbox.look()
        assert mailbox.rest(0.2, Event()) is False
        relay.garbled.clear()
        mailbox.look()
        mailbox.close()


def test_a_folder_that_is_not_there_costs_no_connection(server: Dovecot) -> None:
    mailbox = ImapMailbox(read(server.url(folders="Borte,INBOX")))
    mailbox.look()
    assert mailbox.rest(0.2, Event()) is False
    assert mailbox._connection.is_open
    mailbox.close()


def test_whoever_has_no_connection_only_waits(server: Dovecot) -> None:
    mailbox = ImapMailbox(read(server.url()))
    assert mailbox.rest(0.1, Event()) is False
    assert not mailbox._connection.is_open
