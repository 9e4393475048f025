"""A mail is handed to Microsoft Graph once; what may have gone is never sent again by itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from requests_app.mailbox.delivery import SERVER_TOO_SMALL, TransportError
from requests_app.mailbox.graph_sink import GraphSink
from requests_app.mailbox.oauth.microsoft import Application
from requests_app.mailbox.secure_urls import BadAddressError
from tests.services.certificates import lay_certificates
from tests.services.graph import CLIENT_ID, OTHER_SECRET, SECRET, TENANT, Graph, graph
from tests.services.process import free_port

PERSON = "kari.holm@example.com"
DATA = b"From: info@optimar.no\r\nTo: kari.holm@example.com\r\nSubject: Svar\r\n\r\nHei p\xc3\xa5 deg\r\n"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Graph]:
    """A mailbox of this test's own."""
    with graph(tmp_path / "graph") as running:
        yield running


def sink(server: Graph, secret: str = SECRET) -> GraphSink:
    """A sender by this mailbox."""
    return GraphSink(server.url(""), Application(TENANT, CLIENT_ID, secret))


def refused(way: GraphSink) -> TransportError:
    """How a delivery fails."""
    with pytest.raises(TransportError) as error:
        way.deliver(key="a", sender="", recipient=PERSON, data=DATA)
    return error.value


def test_a_mail_goes_out_byte_for_byte(server: Graph) -> None:
    way = sink(server)
    for key in ("a", "b"):
        way.deliver(key=key, sender="info@optimar.no", recipient=PERSON, data=DATA)
    assert server.sent == [DATA, DATA]
    assert len(server.tokens) == 1
    assert not way.repeatable


def test_a_token_that_has_ended_is_replaced_and_one_mail_goes_out(server: Graph) -> None:
    way = sink(server)
    way.deliver(key="a", sender="", recipient=PERSON, data=DATA)
    server.end_tokens()
    way.deliver(key="b", sender="", recipient=PERSON, data=DATA)
    assert (len(server.sent), len(server.tokens)) == (2, 2)


@pytest.mark.parametrize(
    "status, code",
    [
        (401, "InvalidAuthenticationToken"),
        (403, "ErrorAccessDenied"),
        (403, "ErrorSendAsDenied"),
        (404, "ErrorInvalidUser"),
        (429, "ApplicationThrottled"),
        (503, "serviceNotAvailable"),
    ],
)
def test_what_says_nothing_of_the_mail_is_tried_again(server: Graph, status: int, code: str) -> None:
    server.fail("sendMail", status, code, headers={"Retry-After": "90"}, times=2)
    error = refused(sink(server))
    assert (error.permanent, error.unknown, error.retry_after) == (False, False, 90.0)
    assert str(error) == f"Microsoft Graph {status}"
    assert server.sent == []


def test_a_mail_larger_than_the_interface_takes_says_so(server: Graph) -> None:
    with pytest.raises(TransportError) as error:
        sink(server).deliver(key="a", sender="", recipient=PERSON, data=b"x" * (4 * 1024 * 1024))
    assert (str(error.value), error.value.permanent) == (SERVER_TOO_SMALL, True)


@pytest.mark.parametrize("status, code", [(400, "ErrorInvalidRecipients"), (405, "ErrorInvalidRequest")])
def test_a_mail_that_is_refused_is_not_tried_again(server: Graph, status: int, code: str) -> None:
    server.fail("sendMail", status, code)
    error = refused(sink(server))
    assert (error.permanent, error.unknown) == (True, False)


@pytest.mark.parametrize("status", [500, 502, 504])
def test_of_a_mail_behind_which_the_server_breaks_nobody_knows(server: Graph, status: int) -> None:
    server.fail("sendMail", status, "UnknownError", after=True)
    error = refused(sink(server))
    assert (error.permanent, error.unknown) == (False, True)
    assert server.sent == [DATA]


def test_of_a_mail_that_is_answered_by_silence_nobody_knows(server: Graph) -> None:
    server.fail("sendMail", cut=True, after=True)
    error = refused(sink(server))
    assert (error.permanent, error.unknown) == (False, True)
    assert server.sent == [DATA]


def test_a_server_that_is_not_there_has_taken_nothing(server: Graph) -> None:
    way = GraphSink(server.url("", api=f"127.0.0.1:{free_port()}"), Application(TENANT, CLIENT_ID, SECRET))
    error = refused(way)
    assert (str(error), error.unknown) == ("ConnectError", False)


def test_a_token_server_that_refuses_or_throttles_is_temporary_and_tells_no_secret(server: Graph) -> None:
    error = refused(sink(server, OTHER_SECRET))
    assert (error.permanent, error.unknown) == (False, False)
    assert "AADSTS7000215" in str(error)
    assert OTHER_SECRET not in str(error)
    server.fail("oauth2", 429, headers={"Retry-After": "30"})
    assert refused(sink(server)).retry_after == 30.0


def test_a_certificate_of_somebody_else_gets_no_token_and_no_mail(server: Graph, tmp_path: Path) -> None:
    other = lay_certificates(tmp_path / "other").authority
    way = GraphSink(server.url("", ca=str(other)), Application(TENANT, CLIENT_ID, SECRET))
    assert "certificate" in str(refused(way))
    way.tokens = sink(server).tokens
    assert str(refused(way)) == "ConnectError"
    assert server.sent == []


@pytest.mark.parametrize("url", ["graph://", "graph://info%40optimar.no/Inbox", "graph://info%40optimar.no?move=X"])
def test_an_address_that_cannot_be_meant(url: str) -> None:
    with pytest.raises(BadAddressError):
        GraphSink(url, Application(TENANT, CLIENT_ID, SECRET))
