"""What the addresses of mail servers have in common: who, where, and which certificates are believed."""

import ipaddress
import ssl
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit


class BadAddressError(ValueError):
    """An address cannot be used as it is written; the message is one line and shows nothing of the address."""


@dataclass(frozen=True)
class Server:
    """A mail server as an address names it. The password does not show in `repr`.

    `tls`: encrypted from the first byte; otherwise by STARTTLS, except on this machine. `options` is what stands
    behind the question mark, each name once.
    """

    scheme: str
    host: str
    port: int
    tls: bool
    user: str = ""
    password: str = field(default="", repr=False)
    path: str = ""
    options: dict[str, str] = field(default_factory=dict)

    @property
    def loopback(self) -> bool:
        """True for this machine itself, where nobody can listen in on the way."""
        try:
            return self.host == "localhost" or ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    def context(self) -> ssl.SSLContext:
        """Return how the server proves who it is: by the certificates of this machine, or those in `?ca=FILE`.

        SSL_CERT_FILE changes those of the machine, as for every program. Raises BadAddressError for a file that
        holds no certificates.
        """
        chosen = self.options.get("ca")
        try:
            return ssl.create_default_context(cafile=chosen)
        except (OSError, ssl.SSLError):
            raise BadAddressError("the file named by ca= cannot be read or holds no certificates") from None


def read(url: str, schemes: dict[str, tuple[int, bool]], *, options: tuple[str, ...]) -> Server:
    """Return what an address says. `schemes`: name to (usual port, encrypted from the first byte).

    User, password and path are percent-encoded. Raises BadAddressError for anything that cannot be meant.
    """
    names = " or ".join(f"{scheme}://" for scheme in schemes)
    try:
        parts = urlsplit(url.strip())
        port, host = parts.port, parts.hostname
    except ValueError:
        raise BadAddressError(f"the host or port of the {names} address cannot be understood") from None
    if parts.scheme not in schemes or not host:
        raise BadAddressError(f"the address must begin with {names} and name a host")
    if parts.fragment:
        raise BadAddressError(f"percent-encode # as %23 in the user or password of the {names} address")
    usual, tls = schemes[parts.scheme]
    return Server(
        scheme=parts.scheme,
        host=host,
        port=port or usual,
        tls=tls,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        path=unquote(parts.path.removeprefix("/")),
        options=_options(parts.query, options, names),
    )


def _options(query: str, known: tuple[str, ...], names: str) -> dict[str, str]:
    try:
        pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query))
    except ValueError:
        raise BadAddressError(f"what follows the ? of the {names} address must be name=value pairs") from None
    given = dict(pairs)
    if len(given) != len(pairs) or not given.keys() <= set(known):
        raise BadAddressError(f"the {names} address takes these options, each once: {', '.join(known)}")
    if "ca" in given and not Path(given["ca"]).is_absolute():
        raise BadAddressError("ca= must name a file by its absolute path")
    return given
