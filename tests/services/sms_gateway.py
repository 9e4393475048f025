"""A gateway for text messages on loopback that fails as such gateways do, and knows a message by its key."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

TAKE, SWALLOW, HANG = "take", "swallow", "hang"
"""Take it and say so; take it and close the line without a word; take it and say nothing until it is released."""


@dataclass
class Gateway:
    """`plan` is what it does to the next posts: a word above, or a status it refuses with; then it takes what comes.

    `phones` are the texts that arrived, by number: what comes a second time under its key arrives no second time.
    `posts` are the headers (names in lower case) of everything that was posted.
    """

    token: str
    url: str = ""
    plan: list[str | int] = field(default_factory=list)
    location: str = ""
    retry_after: str = ""
    phones: dict[str, list[str]] = field(default_factory=dict)
    posts: list[dict[str, str]] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    released: Event = field(default_factory=Event)

    def take(self, key: str, message: dict[str, str]) -> None:
        """Send a message to its phone, once per key."""
        if key not in self.keys:
            self.keys.add(key)
            self.phones.setdefault(message["to"], []).append(message["text"])


@contextmanager
def gateway() -> Iterator[Gateway]:
    """Yield a running gateway that is stopped on leaving."""
    state = Gateway(token="hemmelig-polett")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            headers = {name.lower(): value for name, value in self.headers.items()}
            state.posts.append(headers)
            if headers.get("authorization") != f"Bearer {state.token}":
                return self.say(401)
            what = state.plan.pop(0) if state.plan else TAKE
            if isinstance(what, int):
                return self.say(what)
            state.take(headers["idempotency-key"], message)
            if what == HANG:
                state.released.wait(30)
            elif what == TAKE:
                self.say(202)
            return None

        def say(self, status: int) -> None:
            self.send_response(status)
            for name, value in (("Location", state.location), ("Retry-After", state.retry_after)):
                if value:
                    self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Be quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_port}/messages"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        state.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
