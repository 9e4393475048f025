"""A relay on loopback in front of a real server that changes single lines of what it says."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Thread

SECONDS = 60


@dataclass
class Relay:
    """Lines of the server that hold a key of `garbled` have it replaced; an empty table lets everything through.

    A line that holds `cut` (if any) ends the connection. `said` is all that the server has answered so far, as it was.
    """

    target: int
    port: int = 0
    cut: bytes = b""
    garbled: dict[bytes, bytes] = field(default_factory=dict)
    said: bytearray = field(default_factory=bytearray, repr=False)

    def serve(self, listener: socket.socket) -> None:
        """Take connections until the listener is closed."""
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            client.settimeout(SECONDS)
            server = socket.create_connection(("127.0.0.1", self.target), timeout=SECONDS)
            Thread(target=_pass_on, args=(client, server), daemon=True).start()
            Thread(target=self._garble, args=(server, client), daemon=True).start()

    def _garble(self, server: socket.socket, client: socket.socket) -> None:
        with server, client, suppress(OSError), server.makefile("rb") as lines:
            for line in lines:
                self.said += line
                if self.cut and self.cut in line:
                    client.shutdown(socket.SHUT_RDWR)  # at once, though somebody still listens to it
                    return
                for said, instead in self.garbled.items():
                    line = line.replace(said, instead)
                client.sendall(line)


def _pass_on(client: socket.socket, server: socket.socket) -> None:
    with suppress(OSError):
        while given := client.recv(65536):
            server.sendall(given)
        server.shutdown(socket.SHUT_WR)


@contextmanager
def garbling(target: int) -> Iterator[Relay]:
    """Yield a relay to this port of this machine."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        relay = Relay(target, listener.getsockname()[1])
        taker = Thread(target=relay.serve, args=(listener,), daemon=True)
        taker.start()
        try:
            yield relay
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            taker.join(SECONDS)
