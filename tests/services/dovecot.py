"""Debian's Dovecot on free loopback ports: IMAP with and without TLS, one user, Maildir, gone afterwards."""

import os
import pwd
import shutil
import signal
import ssl
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from urllib.parse import quote

from imapclient import IMAPClient

from tests.services.certificates import Certificates, lay_certificates
from tests.services.process import ServiceFailed, end, free_port, tail, until

USER, PASSWORD = "info@optimar.no", "p@ss/ørd #1?"
OWNER = "mail"  # of the messages when root runs the tests; Dovecot refuses to serve root's own
ATTEMPTS = 5

_CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
default_login_user = {login}
default_internal_user = {internal}
default_internal_group = {group}
first_valid_uid = 1
disable_plaintext_auth = no
auth_mechanisms = plain login
ssl = yes
ssl_cert = <{server}
ssl_key = <{key}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {folder}/users
}}
userdb {{
  driver = static
  args = uid={owner} gid={owner_group} home={folder}/home/%u
}}
mail_location = maildir:{folder}/home/%u/Maildir
maildir_broken_filename_sizes = no
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Junk {{
    auto = create
    special_use = \\Junk
  }}
  mailbox Sent {{
    auto = create
    special_use = \\Sent
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
{extra}
"""
# With it the server also takes access tokens, and asks somebody else what they are good for.
_TOKENS = """
auth_mechanisms = plain login xoauth2
auth_failure_delay = 0
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {folder}/oauth2
}}
"""


@dataclass
class Dovecot:
    """A server. Folders are named as IMAP names them; the Maildir is on disk for tests that make it lie."""

    folder: Path
    certificates: Certificates
    port: int = 0
    tls_port: int = 0
    extra: str = ""
    introspection_url: str = ""
    _server: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    @property
    def maildir(self) -> Path:
        """The Maildir of INBOX."""
        return self.folder / "home" / USER / "Maildir"

    def url(self, path: str = "INBOX", *, tls: bool = True, password: str = PASSWORD, **options: str) -> str:
        """The address of the mailbox; the authority of the test is trusted unless `ca` says otherwise.

        With `auth` among the options it holds no password.
        """
        scheme, port = ("imaps", self.tls_port) if tls else ("imap", self.port)
        given = ({"ca": str(self.certificates.authority)} if tls else {}) | options
        query = "&".join(f"{name}={quote(value, safe=',*$')}" for name, value in given.items() if value)
        user, secret = quote(USER, safe=""), "" if "auth" in options else f":{quote(password, safe='')}"
        return f"{scheme}://{user}{secret}@127.0.0.1:{port}/{quote(path)}" + (f"?{query}" if query else "")

    @contextmanager
    def client(self, folder: str = "INBOX") -> Iterator[IMAPClient]:
        """Yield a mail program of somebody else who uses the mailbox."""
        context = ssl.create_default_context(cafile=str(self.certificates.authority))
        with IMAPClient("127.0.0.1", self.tls_port, ssl_context=context) as client:
            client.normalise_times = False
            client.plain_login(USER, PASSWORD)
            client.select_folder(folder)
            yield client

    def deliver(self, *mails: bytes, folder: str = "INBOX", at: datetime | None = None) -> None:
        """Put mails into a folder, with the date `at` as the time of arrival (default: now)."""
        with self.client() as client:
            if not client.folder_exists(folder):
                client.create_folder(folder)
            for raw in mails:
                client.append(folder, raw, msg_time=at)

    def flags(self, folder: str = "INBOX") -> dict[int, set[str]]:
        """The flags of each mail of a folder, without \\Recent."""
        with self.client(folder) as client:
            client.select_folder(folder, readonly=True)
            found = client.get_flags(client.search())
        return {uid: {flag.decode() for flag in flags} - {"\\Recent"} for uid, flags in found.items()}

    def start(self) -> None:
        """Start it, on the ports it had before if it ran before. Raises ServiceFailed."""
        for _ in range(ATTEMPTS):
            self.port, self.tls_port = self.port or free_port(), self.tls_port or free_port()
            self._configure()
            self._server = subprocess.Popen(
                ["setpriv", "--pdeathsig", "TERM", _program(), "-F", "-c", str(self.folder / "conf")],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                start_new_session=True,
            )  # fmt: skip
            if until(partial(_answers, self), self._server):
                return
            self.stop()
            self.port = self.tls_port = 0
        raise ServiceFailed(f"Dovecot did not start (tried {ATTEMPTS} ports): {tail(self.folder / 'log')}")

    def stop(self) -> None:
        """Stop it with everything it has started; connections are cut."""
        if self._server is not None:
            end(self._server)
            with suppress(ProcessLookupError):
                os.killpg(self._server.pid, signal.SIGKILL)
            self._server = None

    def forget_numbers(self, uidlist: str | None = None) -> None:
        """Throw away what the server knows of the numbers in INBOX, or make it believe `uidlist` instead.

        The next time somebody opens INBOX it is read from the files.
        """
        for path in self.maildir.glob("dovecot.index*"):
            path.unlink()
        target = self.maildir / "dovecot-uidlist"
        target.unlink(missing_ok=True)
        if uidlist is not None:
            target.write_text(uidlist, encoding="ascii")
            self._own(target)

    def files(self) -> list[str]:
        """The names of the files in INBOX, without their flags, in the order of arrival."""
        names = [path.name.partition(":")[0] for part in ("cur", "new") for path in (self.maildir / part).iterdir()]
        return sorted(names)

    def _configure(self) -> None:
        root, group = os.geteuid() == 0, "{0.pw_gid}"
        me = pwd.getpwuid(os.geteuid())
        owner = pwd.getpwnam(OWNER) if root else me
        (self.folder / "users").write_text(f"{USER}:{{PLAIN}}{PASSWORD}\n", encoding="utf-8")
        (self.folder / "home").mkdir(exist_ok=True)
        self._own(self.folder / "home")
        text = _CONFIG.format(
            folder=self.folder,
            login="dovenull" if root else me.pw_name,
            internal="dovecot" if root else me.pw_name,
            group="dovecot" if root else me.pw_gid,
            owner=owner.pw_uid,
            owner_group=group.format(owner),
            server=self.certificates.server,
            key=self.certificates.key,
            port=self.port,
            tls_port=self.tls_port,
            extra=self.extra + (_TOKENS.format(folder=self.folder) if self.introspection_url else ""),
        )
        asks = f"introspection_mode = post\nintrospection_url = {self.introspection_url}\n"
        (self.folder / "oauth2").write_text(
            f"{asks}username_attribute = username\nactive_attribute = active\nactive_value = true\n", encoding="utf-8"
        )
        (self.folder / "conf").write_text(text, encoding="utf-8")

    def _own(self, path: Path) -> None:
        if os.geteuid() == 0:
            owner = pwd.getpwnam(OWNER)
            os.chown(path, owner.pw_uid, owner.pw_gid)


@contextmanager
def dovecot(extra: str = "", introspection_url: str = "") -> Iterator[Dovecot]:
    """Yield a running server that is stopped, with its folder, on leaving. Raises ServiceFailed.

    With `introspection_url` (RFC 7662) it takes access tokens, too.
    """
    folder = Path(tempfile.mkdtemp(prefix="datarett-dovecot-"))
    folder.chmod(0o755)
    server = Dovecot(folder, lay_certificates(folder / "tls"), extra=extra, introspection_url=introspection_url)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _program() -> str:
    program = shutil.which("dovecot", path="/usr/sbin:/usr/bin:/usr/local/sbin")
    if program is None:
        raise ServiceFailed("dovecot is not installed (dovecot-imapd)")
    return program


def _answers(server: Dovecot) -> bool:
    try:
        with server.client():
            return True
    except (OSError, IMAPClient.Error):
        return False
