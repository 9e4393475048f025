"""The mail server answers badly, or not at all: a mail is sent at most once, and a gap is shown to staff."""

from email import message_from_bytes

import pytest

from tests.faults import house
from tests.faults.table import fault
from tests.faults.waiting import eventually
from tests.services.installation import Installation
from tests.services.process import free_port
from tests.services.smtp import Script

# What a member of staff reads on the page of the case.
_PAGE = """
from django.utils import translation
from requests_app.desk import timeline
from requests_app.models import Case
translation.activate("en")
case = Case.objects.get()
print("alarm", [str(entry.alarm) for entry in timeline.entries(case) if entry.alarm])
"""
_AGAIN = """
from requests_app.domain.snapshot import SYSTEM
from requests_app.models import Message
from requests_app.services.sending import send_again
send_again(Message.objects.get(direction="out").pk, actor=SYSTEM)
"""


def begin(installation: Installation, server: Script) -> house.Opened:
    """Open a case, and start a worker that confirms it through the server."""
    installation.environ["DATARETT_SMTP_URL"] = server.url
    opened = house.open_cases(installation, 1)
    installation.start("worker", **house.ONE_THREAD)
    return opened


def message_ids(server: Script) -> list[str]:
    """The Message-IDs of what the server has taken."""
    return [str(message_from_bytes(one.data)["Message-ID"]) for one in server.taken]


def waits(installation: Installation) -> bool:
    """True while a mail is owed that was tried."""
    return bool(house.ask(installation, "SELECT id FROM requests_outboxevent WHERE done_at IS NULL AND error <> ''"))


@fault(
    breaks="the mail server answers {answer} to {verb}, then recovers",
    then="the mail is sent once, with no word to staff",
)
@pytest.mark.parametrize("verb,answer", [("GREETING", "421"), ("RCPT", "451"), ("BODY", "452")])
def test_a_server_that_asks_for_patience_gets_the_mail_once(
    installation: Installation, server: Script, verb: str, answer: str
) -> None:
    server.answers[verb] = f"{answer} later"
    opened = begin(installation, server)
    eventually(lambda: waits(installation), "the first try")
    assert server.taken == []
    del server.answers[verb]
    house.wait_settled(installation)
    house.assert_each_once(installation, opened)
    assert len(message_ids(server)) == 1


@fault(breaks="the mail server is not there, then it is", then="the mail is sent once")
def test_a_server_that_is_not_there(installation: Installation, server: Script) -> None:
    installation.environ["DATARETT_SMTP_URL"] = f"smtp://127.0.0.1:{free_port()}"
    opened = house.open_cases(installation, 1)
    installation.start("worker", **house.ONE_THREAD)
    eventually(lambda: waits(installation), "the first try")
    installation.kill("worker")
    installation.environ["DATARETT_SMTP_URL"] = server.url
    installation.start("worker", **house.ONE_THREAD)
    house.wait_settled(installation)
    house.assert_each_once(installation, opened)
    assert len(message_ids(server)) == 1


@fault(
    breaks="the mail server answers 550 to {verb}",
    then="the mail is not tried again by itself; staff see that it failed, and their click sends it once",
)
@pytest.mark.parametrize("verb", ["RCPT", "BODY"])
def test_a_server_that_refuses_for_good(installation: Installation, server: Script, verb: str) -> None:
    server.answers[verb] = "550 no"
    opened = begin(installation, server)
    house.wait_settled(installation)
    house.assert_each_once(installation, opened, mail="failed")
    assert server.taken == []
    assert "refused this message" in house.said(installation, _PAGE, "alarm")[0]
    del server.answers[verb]
    installation.manage("shell", "--no-imports", "-c", _AGAIN)
    house.wait_settled(installation)
    house.assert_each_once(installation, opened)
    assert len(message_ids(server)) == 1


@fault(
    breaks="the mail server cuts the line after DATA, having taken the mail",
    then="the mail is not sent again by itself; staff see that nobody knows whether it went",
)
def test_a_server_that_cuts_after_data(installation: Installation, server: Script) -> None:
    server.answers["BODY"] = ""
    opened = begin(installation, server)
    house.wait_settled(installation)
    house.assert_each_once(installation, opened, mail="uncertain")
    assert len(message_ids(server)) == 1
    assert "Nobody knows whether this message went" in house.said(installation, _PAGE, "alarm")[0]


@fault(
    breaks="kill -9 of the worker while the mail server has the mail and has not answered",
    then="the next worker does not send it again; staff see that nobody knows whether it went",
)
def test_a_worker_killed_between_the_mail_and_the_answer(installation: Installation, server: Script) -> None:
    server.on_body = lambda taken: installation.kill("worker")
    opened = begin(installation, server)
    eventually(lambda: server.taken, "the mail")
    server.on_body = lambda taken: None
    installation.start("worker", **house.ONE_THREAD)
    house.wait_settled(installation)
    house.assert_each_once(installation, opened, mail="uncertain")
    assert len(message_ids(server)) == 1
    assert "Nobody knows whether this message went" in house.said(installation, _PAGE, "alarm")[0]


@fault(
    breaks="kill -9 of the worker after the mail server said that it took the mail, before that is written down",
    then="the next worker does not send it again; staff see that nobody knows whether it went",
)
def test_a_worker_killed_between_the_answer_and_its_record(installation: Installation, server: Script) -> None:
    killed: list[str] = []

    def kill() -> None:
        installation.kill("worker")
        killed.append("worker")

    server.on_quit = kill
    opened = begin(installation, server)
    eventually(lambda: killed, "the end of the worker")
    server.on_quit = lambda: None
    installation.start("worker", **house.ONE_THREAD)
    house.wait_settled(installation)
    house.assert_each_once(installation, opened, mail="uncertain")
    assert len(message_ids(server)) == 1
    assert "Nobody knows whether this message went" in house.said(installation, _PAGE, "alarm")[0]
