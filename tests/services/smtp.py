"""A small SMTP server of our own on a free loopback port: it answers as it is told. Stdlib only."""

import base64
import json
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

EXTENSIONS = ("8BITMIME", "SIZE 26214400")


@dataclass(frozen=True)
class Taken:
    """A mail as it came over the wire, dots undone; `options` are what stood behind the sender."""

    sender: str
    options: str
    recipient: str
    data: bytes


@dataclass
class Script:
    """What the server answers, and what it took.

    `answers` maps a verb (GREETING, EHLO, MAIL, RCPT, DATA, BODY for the end of the mail, QUIT) to an answer such as
    "450 later"; an empty answer cuts the connection there. `on_body` is called with the mail before BODY is answered,
    `on_quit` when the client has had that answer and says good-bye.
    With `opens` (user, token) it wants to be logged in to by AUTH XOAUTH2; `logins` are those it was asked to let in.
    """

    answers: dict[str, str] = field(default_factory=dict)
    on_body: Callable[[Taken], object] = lambda taken: None
    opens: Callable[[str, str], bool] | None = None
    logins: list[str] = field(default_factory=list)
    on_quit: Callable[[], object] = lambda: None
    taken: list[Taken] = field(default_factory=list)
    connections: int = 0
    url: str = ""


class _Cut(Exception):
    """The script says to go away without a word."""


class _Talk(socketserver.StreamRequestHandler):
    """One connection."""

    script: Script
    timeout = 20

    def handle(self) -> None:
        """Speak until QUIT, the end of the line or a cut."""
        self.script.connections += 1
        sender = options = recipient = ""
        self.inside = self.script.opens is None
        try:
            self._answer("GREETING", "220 localhost ready")
            while line := self.rfile.readline().decode("ascii").strip():
                verb = line.split(" ")[0].upper()
                if verb == "EHLO":
                    default = "".join(f"250-{one}\r\n" for one in ("localhost", *EXTENSIONS)) + "250 HELP"
                    default = default.replace("250 HELP", "250 AUTH LOGIN XOAUTH2") if self.script.opens else default
                    self._answer(verb, default)
                elif verb == "AUTH" and self.script.opens:
                    self._auth(line)
                elif verb == "MAIL" and not self.inside:
                    self._answer(verb, "530 5.7.57 Client not authenticated to send mail")
                elif verb == "MAIL":
                    sender, _, options = line.partition(":")[2].strip().partition(" ")
                    self._answer(verb, "250 ok")
                elif verb == "RCPT":
                    recipient = line.partition(":")[2].strip()
                    self._answer(verb, "250 ok")
                elif verb == "DATA":
                    if self._answer(verb, "354 go on").startswith("354"):
                        self._body(sender, options, recipient)
                elif verb == "QUIT":
                    self.script.on_quit()
                    self._answer(verb, "221 bye")
                    return
                else:
                    self._answer(verb, "250 ok" if verb == "RSET" else "502 what?")
        except (_Cut, ConnectionError):
            return

    def _auth(self, line: str) -> None:
        """Let the user in, or tell why not, and wait until that was heard (as Microsoft and Google do)."""
        user, bearer, *rest = base64.b64decode(line.partition("XOAUTH2 ")[2]).decode().split("\x01")
        self.script.logins.append(user.removeprefix("user="))
        token = bearer.removeprefix("auth=Bearer ")
        assert (rest, self.script.opens is not None) == (["", ""], True)
        if self.script.opens and self.script.opens(self.script.logins[-1], token):
            self.inside = True
            self._answer("AUTH", "235 2.7.0 Authentication successful")
            return
        why = json.dumps({"status": "401", "schemes": "bearer", "scope": "https://mail.example/"})
        self._answer("CHALLENGE", f"334 {base64.b64encode(why.encode()).decode()}")
        heard = self.rfile.readline()
        self._answer("AUTH", "535 5.7.3 Authentication unsuccessful" if heard == b"\r\n" else "501 5.5.2 what?")

    def _body(self, sender: str, options: str, recipient: str) -> None:
        lines = iter(self.rfile.readline, b".\r\n")
        data = b"".join(line[1:] if line.startswith(b".") else line for line in lines)
        taken = Taken(sender, options, recipient, data)
        self.script.on_body(taken)
        # A server that cuts here may well have kept the mail; this one has.
        if self.script.answers.get("BODY", "250").startswith("250") or self.script.answers["BODY"] == "":
            self.script.taken.append(taken)
        self._answer("BODY", "250 taken")

    def _answer(self, verb: str, default: str) -> str:
        said = self.script.answers.get(verb, default)
        if not said:
            raise _Cut
        self.wfile.write(f"{said}\r\n".encode("ascii"))
        return said


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False


@contextmanager
def smtp_server(**answers: str) -> Iterator[Script]:
    """Yield the script of a running server; change it at any time."""
    script = Script(answers=answers)
    talk = type("Talk", (_Talk,), {"script": script})
    with _Server(("127.0.0.1", 0), talk) as server:
        script.url = f"smtp://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield script
        finally:
            server.shutdown()
            thread.join()
