"""A name server of our own on a free loopback port: it knows the TXT records that a test gives it."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import dns.flags
import dns.message
import dns.rcode
import dns.rrset


@dataclass
class Zone:
    """The records by name (with a dot at the end), what was asked for, and whether anybody answers."""

    records: dict[str, str] = field(default_factory=dict)
    silent: bool = False
    asked: list[str] = field(default_factory=list)
    address: str = ""


class _Answer(socketserver.BaseRequestHandler):
    zone: Zone

    def handle(self) -> None:
        """Answer one question, or let it go unheard."""
        data, socket = self.request
        query = dns.message.from_wire(data)
        name = query.question[0].name.to_text()
        self.zone.asked.append(name)
        if self.zone.silent:
            return
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        text = self.zone.records.get(name)
        if text is None:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        else:
            pieces = " ".join(f'"{text[at : at + 200]}"' for at in range(0, len(text), 200))
            answer.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", pieces))
        socket.sendto(answer.to_wire(), self.client_address)


@contextmanager
def name_server(**records: str) -> Iterator[Zone]:
    """Yield a running server; its records may be changed at any time."""
    zone = Zone(dict(records))
    handler = type("Answer", (_Answer,), {"zone": zone})
    with socketserver.ThreadingUDPServer(("127.0.0.1", 0), handler) as server:
        zone.address = f"127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield zone
        finally:
            server.shutdown()
            thread.join()
