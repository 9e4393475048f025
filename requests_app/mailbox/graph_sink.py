"""Hand a finished mail over to a mailbox at Microsoft, which sends it and keeps a copy among its sent mail."""

import base64
from http import HTTPStatus
from urllib.parse import quote

import httpx

from . import graph_address
from .delivery import SECONDS, SERVER_TOO_SMALL, TransportError
from .oauth.microsoft import Application, needed
from .oauth.tokens import TokenError
from .retry_after import seconds

# What says nothing about the mail itself: whoever sees to the permissions or the throttling gets all mails going again.
_OURS = frozenset({401, 403, 404, 429, 503, 509})


class GraphSink:
    """`graph://` and the mailbox that sends; nobody can ask Microsoft whether a mail was taken, so silence is unknown.

    Who gets a mail is what its headers say, and its sender is the mailbox: the envelope is Microsoft's. Raises
    BadAddressError for an address that cannot be used.
    """

    repeatable = False

    def __init__(self, url: str, application: Application | None) -> None:
        self.address = graph_address.read_sender(url)
        service = self.address.service
        self.tokens = service.tokens(needed(application, "a graph:// address"))
        self.context = service.context()

    def deliver(self, *, key: str, sender: str, recipient: str, data: bytes) -> None:
        """Send one mail. Refusals of the mailbox and throttling are temporary, those of the mail are permanent."""
        service = self.address.service
        url = f"{service.root}users/{quote(self.address.user, safe='')}/sendMail"
        body = base64.b64encode(data)
        # A connection of its own: one that was kept may have died, and then nobody knows.
        with httpx.Client(verify=self.context, timeout=SECONDS, follow_redirects=False) as client:
            token = self._token()
            answer = _post(client, url, token, body)
            if answer.status_code == HTTPStatus.UNAUTHORIZED:  # it was not taken: the token has ended early
                self.tokens.forget(token)
                answer = _post(client, url, self._token(), body)
        _judge(answer)

    def log_in(self) -> None:
        """Get a token, and send nothing; raises TransportError like `deliver`."""
        self._token()

    def _token(self) -> str:
        try:
            return self.tokens.get()
        except TokenError as error:
            raise TransportError(str(error), retry_after=error.retry_after) from None


def _post(client: httpx.Client, url: str, token: str, body: bytes) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "text/plain"}
    try:
        return client.post(url, headers=headers, content=body)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError) as error:
        raise TransportError(type(error).__name__) from None
    except httpx.HTTPError as error:
        raise TransportError(type(error).__name__, unknown=True) from None


def _judge(answer: httpx.Response) -> None:
    """Raise what an answer means that is not "accepted"."""
    if answer.is_success:
        return
    status = answer.status_code
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:  # 4 MB of base64 in one request
        raise TransportError(SERVER_TOO_SMALL, permanent=True)
    raise TransportError(
        f"Microsoft Graph {status}",
        permanent=answer.is_client_error and status not in _OURS,
        # An error of the server behind the mail, or a gateway that gave up waiting for it: it may have gone.
        unknown=answer.is_server_error and status not in _OURS,
        retry_after=seconds(answer.headers),
    )
