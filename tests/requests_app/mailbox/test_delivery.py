"""Handing mail over: to a folder, and to an SMTP server that answers well, badly, or not at all."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from requests_app.mailbox.delivery import FileSink, SmtpSink, TransportError
from tests.services.process import free_port
from tests.services.smtp import Script, smtp_server

DATA = "Subject: Svar\r\n\r\nHei på deg\r\n.En linje med punktum\r\n".encode()
SENDER, PERSON = "info@optimar.no", "kari.holm@example.com"


def deliver(script: Script) -> None:
    """Hand one mail to the server."""
    SmtpSink(script.url).deliver(key="a1", sender=SENDER, recipient=PERSON, data=DATA)


def refused(script: Script) -> TransportError:
    """Hand one mail to a server that will not take it."""
    with pytest.raises(TransportError) as error:
        deliver(script)
    assert PERSON not in str(error.value)
    return error.value


def test_a_mail_arrives_as_it_was_written() -> None:
    with smtp_server() as server:
        deliver(server)
    (taken,) = server.taken
    assert (taken.sender, taken.recipient) == (f"<{SENDER}>", f"<{PERSON}>")
    assert taken.data == DATA
    assert taken.options == "BODY=8BITMIME"


def test_a_server_without_eight_bits_is_not_asked_for_them() -> None:
    with smtp_server(EHLO="250 localhost") as server:
        deliver(server)
    assert server.taken[0].options == ""


def test_the_null_sender_is_spoken_as_such() -> None:
    with smtp_server() as server:
        SmtpSink(server.url).deliver(key="a1", sender="", recipient=PERSON, data=DATA)
    assert server.taken[0].sender == "<>"


@pytest.mark.parametrize("where", ["MAIL", "RCPT", "DATA", "BODY"])
@pytest.mark.parametrize(
    ("answer", "permanent"), [("450 later", False), ("550 no such person", True), ("530 log in first", False)]
)
def test_a_refusal_of_the_mail_is_told_by_its_code(where: str, answer: str, permanent: bool) -> None:
    with smtp_server(**{where: answer}) as server:
        error = refused(server)
    assert (str(error), error.permanent, error.unknown) == (f"SMTP {answer[:3]}", permanent, False)
    assert server.taken == []


@pytest.mark.parametrize(
    ("where", "answer"), [("GREETING", "554 no service"), ("GREETING", "421 busy"), ("EHLO", ""), ("GREETING", "")]
)
def test_a_server_that_turns_us_away_says_nothing_about_the_mail(where: str, answer: str) -> None:
    with smtp_server(**{where: answer}) as server:
        error = refused(server)
    assert (error.permanent, error.unknown) == (False, False)


def test_a_wrong_password_keeps_the_mail_for_later() -> None:
    with smtp_server(EHLO="250-localhost\r\n250 AUTH PLAIN", AUTH="535 wrong") as server:
        url = server.url.replace("//", "//post:hemmelig@")
        with pytest.raises(TransportError) as error:
            SmtpSink(url).deliver(key="a1", sender=SENDER, recipient=PERSON, data=DATA)
    assert (str(error.value), error.value.permanent) == ("SMTP 535", False)


@pytest.mark.parametrize("where", ["MAIL", "RCPT"])
def test_a_cut_before_the_mail_is_no_doubt(where: str) -> None:
    with smtp_server(**{where: ""}) as server:
        error = refused(server)
    assert (error.permanent, error.unknown) == (False, False)


def test_a_cut_after_the_mail_leaves_it_unknown() -> None:
    with smtp_server(BODY="") as server:
        error = refused(server)
    assert error.unknown
    assert not error.permanent
    assert len(server.taken) == 1  # so a second try would have been a second mail


@pytest.mark.parametrize("answer", ["421 going down", "500 what?", ""])
def test_a_mail_that_was_taken_stays_taken_whatever_the_good_bye(answer: str) -> None:
    with smtp_server(QUIT=answer) as server:
        deliver(server)
    assert len(server.taken) == 1


def test_a_server_that_is_not_there_is_a_matter_of_time() -> None:
    with pytest.raises(TransportError) as error:
        SmtpSink(f"smtp://127.0.0.1:{free_port()}").deliver(key="a", sender="", recipient=PERSON, data=DATA)
    assert (error.value.permanent, error.value.unknown) == (False, False)


@pytest.mark.parametrize("url", ["imap://mail.example", "smtp://", "mail.example"])
def test_an_address_of_another_kind_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="smtp://"):
        SmtpSink(url)


def test_an_address_tells_port_and_percent_encoded_credentials() -> None:
    plain, tls = SmtpSink("smtp://a%40b:c%2Fd@mail.example").server, SmtpSink("smtps://mail.example").server
    assert (plain.user, plain.password, plain.port, tls.port) == ("a@b", "c/d", 587, 465)


def test_the_same_key_is_one_file(tmp_path: Path) -> None:
    sink = FileSink(tmp_path / "sent")
    for data in (b"first", b"second"):
        sink.deliver(key="a1", sender=SENDER, recipient=PERSON, data=data)
    (file,) = (tmp_path / "sent").iterdir()
    assert (file.name, file.read_bytes()) == ("a1.eml", b"second")


def test_a_key_cannot_leave_the_folder(tmp_path: Path) -> None:
    FileSink(tmp_path / "sent").deliver(key="../../x/y", sender="", recipient=PERSON, data=b"x")
    (file,) = (tmp_path / "sent").iterdir()
    assert stat.S_ISREG(file.stat().st_mode)
    assert [one.name for one in tmp_path.iterdir()] == ["sent"]


def test_many_at_once_with_one_key_leave_one_whole_file(tmp_path: Path) -> None:
    sink, start = FileSink(tmp_path), Barrier(8)

    def one(number: int) -> None:
        start.wait()
        for _ in range(10):
            sink.deliver(key="a1", sender="", recipient=PERSON, data=str(number).encode() * 50_000)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(8)))
    (file,) = tmp_path.iterdir()
    content = file.read_bytes()
    assert (len(content), len(set(content))) == (50_000, 1)


def test_a_folder_that_cannot_be_made_is_a_matter_of_time(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(TransportError) as error:
        FileSink(tmp_path / "file" / "sent").deliver(key="a1", sender="", recipient=PERSON, data=b"x")
    assert (error.value.permanent, error.value.unknown) == (False, False)
    assert PERSON not in str(error.value)
