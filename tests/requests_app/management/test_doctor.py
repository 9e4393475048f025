"""`manage.py doctor` against providers that refuse what real ones are known to refuse."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from requests_app.keyring import ring
from requests_app.mailbox import probe
from requests_app.mailbox.delivery import TransportError
from requests_app.mailbox.imap_probe import ImapProbe
from requests_app.mailbox.mailboxes import open_mailbox
from requests_app.models import Inquiry, Organisation
from requests_app.services import doctor_mail
from requests_app.services.capture import capture
from requests_app.services.sightings import Place
from tests import factories
from tests.requests_app.mailbox.test_authenticity import ALIGNED, DOOR, INSIDE, results
from tests.requests_app.services.post import ARRIVED, letter
from tests.services import token_server
from tests.services.dovecot import Dovecot, dovecot
from tests.services.graph import CLIENT_ID, OTHER_SECRET, SECRET, TENANT, Graph, graph
from tests.services.provider import Provider, provider

pytestmark = pytest.mark.django_db

CHECKED = "mx1.optimar.example; dmarc=pass header.from=example.com"
Told = Callable[..., list[str]]


@pytest.fixture
def server() -> Iterator[Dovecot]:
    """A mailbox that allows everything, and in which one checked mail lies."""
    with dovecot() as running:
        running.deliver(letter(Authentication_Results=CHECKED))
        yield running


@pytest.fixture
def smtp(server: Dovecot) -> Iterator[Provider]:
    """The provider whose mailbox that is."""
    with provider(lambda raw: server.deliver(raw)) as running:
        yield running


@pytest.fixture(autouse=True)
def organisation() -> Organisation:
    """Ours: it writes from info@ and is written to there, and believes its own mail server."""
    return factories.organisation(
        from_address="info@optimar.no", rights_contact="info@optimar.no", authserv_ids=["mx1.optimar.example"]
    )


@pytest.fixture
def told(server: Dovecot, smtp: Provider, settings: Settings) -> Told:
    """Run the command with everything in place and return its lines; the last is what it fails with, if it does."""
    settings.MAILBOX_URLS, settings.SMTP_URL = (server.url(),), smtp.url

    def run(*options: str) -> list[str]:
        out, failed = io.StringIO(), []
        try:
            call_command("doctor", "--wait", "0", *options, stdout=out)
        except CommandError as error:
            failed.append(str(error))
        return [line.rstrip() for line in out.getvalue().splitlines()] + failed

    return run


def mails_in(server: Dovecot) -> int:
    """How many mails lie in the mailbox."""
    return len(server.flags())


def test_where_all_is_well_nothing_has_to_be_set_and_nothing_is_left(server: Dovecot, told: Told) -> None:
    assert [line.split(": ", 1)[0] if "mailbox" not in line else line[:14] for line in told()] == [
        "fine    mailbo", "fine    keywords", "fine    check of senders", "fine    outgoing mail",
        "fine    envelope sender <>", "fine    addresses with a plus", "fine    Message-IDs",
    ]  # fmt: skip
    assert mails_in(server) == 1
    assert not Inquiry.objects.exists()


@pytest.mark.parametrize(
    "ways, chosen, lines",
    [
        (
            {"no_senders": {"<>"}},
            {},
            [
                "to set  envelope sender <>: is refused (SMTP 550 5.7.60)",
                "-> set DATARETT_ENVELOPE_SENDER=bounce",
                "1 to set",
            ],
        ),
        (
            {"no_senders": {"<>", "+"}},
            {},
            [
                "to set  envelope sender <>: is refused (SMTP 550 5.7.60)",
                "-> set DATARETT_ENVELOPE_SENDER=from",
                "1 to set",
            ],
        ),
        (
            {"no_senders": {"<>"}},
            {"ENVELOPE_SENDER": "from"},
            ["refused envelope sender <>: is refused (SMTP 550 5.7.60); DATARETT_ENVELOPE_SENDER=from does without it"],
        ),
        (
            {"no_senders": {"+"}},
            {"ENVELOPE_SENDER": "bounce"},
            [
                "to set  envelope sender with a plus: is refused (SMTP 550 5.7.60)",
                "-> set DATARETT_ENVELOPE_SENDER=null",
                "1 to set",
            ],
        ),
        (
            {"no_recipients": {"+"}},
            {},
            [
                "to set  addresses with a plus: info+doctor@optimar.no is refused (SMTP 550 5.1.1)",
                "-> set DATARETT_REPLY_ADDRESS=plain",
                "1 to set",
            ],
        ),
        (
            {"loses": {"+"}},
            {},
            [
                "to set  addresses with a plus: info+doctor@optimar.no is taken and then lost",
                "-> set DATARETT_REPLY_ADDRESS=plain",
                "1 to set",
            ],
        ),
        (
            {"returns": {"+"}},
            {"ENVELOPE_SENDER": "bounce"},
            [
                "to set  addresses with a plus: info+doctor@optimar.no came back",
                "-> set DATARETT_REPLY_ADDRESS=plain",
                "to set  envelope sender with a plus: would bring reports nowhere",
                "-> set DATARETT_ENVELOPE_SENDER=null",
                "2 to set",
            ],
        ),
        (
            {"returns": {"+"}},
            {"REPLY_ADDRESS": "plain"},
            [
                "refused addresses with a plus: info+doctor@optimar.no came back; "
                "DATARETT_REPLY_ADDRESS=plain does without them"
            ],
        ),
        (
            {"renames": True},
            {},
            ["refused Message-IDs: are written anew; answers find their case by the reply address"],
        ),
        (
            {"renames": True},
            {"REPLY_ADDRESS": "plain"},
            [
                "refused Message-IDs: are written anew; answers find their case by what they answer or by the "
                "reference in the subject, if a participant of the case writes"
            ],
        ),
        (
            {"no_senders": {"info@optimar.no"}},
            {},
            [
                "to set  outgoing mail: the server refuses info@optimar.no as sender (SMTP 550 5.7.60)",
                "-> set DATARETT_SMTP_URL, or the sender's address of the organisation",
                "1 to set",
            ],
        ),
        (
            {"loses": {"info@optimar.no"}},
            {},
            [
                "to set  outgoing mail: a mail to info@optimar.no was taken and has not come into a mailbox that is "
                "read",
                "-> set DATARETT_MAILBOX_URLS, or the address for rights of the organisation",
                "1 to set",
            ],
        ),
    ],
)
def test_what_a_provider_refuses_is_told_with_what_to_set(
    server: Dovecot,
    smtp: Provider,
    told: Told,
    settings: Settings,
    ways: dict[str, object],
    chosen: dict[str, str],
    lines: list[str],
) -> None:
    for name, value in ways.items():
        setattr(smtp, name, value)
    for name, text in chosen.items():
        setattr(settings, name, text)
    said = [line.strip() for line in told()]
    assert [line for line in lines if line not in said] == []
    assert any("to set" in line for line in lines) == (said[-1].endswith("to set"))
    assert mails_in(server) == 1


def test_without_sending_the_envelopes_are_tried_and_no_mail_goes(smtp: Provider, server: Dovecot, told: Told) -> None:
    smtp.no_senders = {"<>"}
    lines = told("--no-send")
    assert "to set  envelope sender <>: is refused (SMTP 550 5.7.60)" in lines
    assert "fine    outgoing mail: the server lets us in and takes our address" in lines
    assert not any("Message-ID" in line for line in lines)
    assert (smtp.taken, mails_in(server)) == ([], 1)


def test_mail_that_is_read_meanwhile_becomes_no_inquiry(
    smtp: Provider, server: Dovecot, told: Told, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox, wait = open_mailbox(server.url(move="Arkiv")), doctor_mail._wait_for
    settings.MAILBOX_URLS = (server.url(move="Arkiv"),)

    def read_first(watched: list[ImapProbe], trials: dict[doctor_mail.Kind, doctor_mail.Trial], seconds: float) -> None:
        capture(mailbox.name, mailbox.source)
        wait(watched, trials, seconds)

    monkeypatch.setattr(doctor_mail, "_wait_for", read_first)
    smtp.returns = {"+"}
    assert told()[-1] == "1 to set"
    assert [one.subject for one in Inquiry.objects.all()] == [""]  # the person's letter, not yet read
    assert len(server.flags("Arkiv")) == 1
    mailbox.close()


def test_a_test_mail_that_is_left_behind_is_looked_at_once(server: Dovecot) -> None:
    raw, _ = probe.build(ring().all("mail"), "from1", sender="info@optimar.no", recipient="info@optimar.no", at=ARRIVED)
    server.deliver(raw)
    mailbox = open_mailbox(server.url())
    seen: set[Place] = set()
    for _ in range(2):
        capture(mailbox.name, mailbox.source, seen)
    assert Inquiry.objects.count() == 1
    mailbox.close()


@pytest.mark.parametrize("line", ["X-Datarett-Doctor: from1.aaaaaaaaaaaaaaaaaaaaaaaa", "X-Datarett-Doctor: yes"])
def test_nobody_else_can_make_a_mail_pass_for_one(server: Dovecot, line: str) -> None:
    server.deliver(letter(top=f"{line}\r\n"))
    mailbox = open_mailbox(server.url())
    capture(mailbox.name, mailbox.source)
    assert Inquiry.objects.count() == 2
    mailbox.close()


def test_a_person_who_passes_a_test_mail_on_is_heard(server: Dovecot) -> None:
    raw, _ = probe.build(ring().all("mail"), "from1", sender="info@optimar.no", recipient="info@optimar.no", at=ARRIVED)
    assert probe.token_of(ring().all("mail"), letter("Hva er dette?\r\n\r\n" + raw.decode())) is None


def test_a_mailbox_that_refuses_keywords_needs_no_setting(told: Told, settings: Settings) -> None:
    acl = "plugin {\n  acl = vfile:{0}\n}\nprotocol imap {\n  mail_plugins = acl\n}\n"
    with dovecot() as server:
        rights = server.folder / "acl"
        rights.write_text("* owner lri\n", encoding="ascii")
        server.extra = acl.replace("{0}", str(rights))
        server.stop()
        server.start()
        settings.MAILBOX_URLS = (server.url(),)
        lines = told("--no-send")
    assert "refused keywords: mail that is safe is known by its number; nothing has to be set" in lines


@pytest.mark.parametrize(
    "address, words",
    [
        (lambda server: server.url(password="hemmelig"), "does not accept the user and password"),
        (lambda server: server.url(ca=""), "shows a certificate that is not believed"),
        (lambda server: server.url(folders="INBOX,Saker"), "these folders cannot be opened: Saker"),
    ],
)
def test_a_mailbox_that_cannot_be_read_is_told_without_its_password(
    server: Dovecot, told: Told, settings: Settings, address: Callable[[Dovecot], str], words: str
) -> None:
    settings.MAILBOX_URLS = (address(server),)
    lines = told("--no-send")
    assert lines[0].startswith("to set  mailbox")
    assert words in lines[0]
    assert "hemmelig" not in "".join(lines)


@pytest.mark.parametrize(
    "mails, believed, profile, words",
    [
        (["mx2.optimar.example; spf=none"] * 3, [], "", "-> set authserv_ids of the organisation: mx2.optimar.example"),
        ([f"mx{n}.example; spf=none" for n in range(9)], [], "", "open    check of senders: no server wrote it"),
        ([], ["mx9.example"], "exchange-online", "-> set no authserv= in DATARETT_MAILBOX_URLS"),
    ],
)
def test_who_checked_the_newest_mails_is_compared_with_who_is_believed(
    server: Dovecot,
    told: Told,
    settings: Settings,
    mails: list[str],
    believed: list[str],
    profile: str,
    words: str,
) -> None:
    factories.organisation(authserv_ids=believed)
    server.deliver(*(letter(Authentication_Results=one) for one in mails))
    settings.MAILBOX_URLS = (server.url(authserv=profile),)
    assert any(line.strip().startswith(words) for line in told("--no-send"))


@pytest.mark.parametrize(
    "profile, words",
    [
        ("", "-> set authserv=exchange-online in DATARETT_MAILBOX_URLS"),
        ("exchange-online", "fine    check of senders: written by Exchange Online into 1 of the 2 newest mails"),
    ],
)
def test_a_mailbox_at_exchange_online_is_recognised(
    server: Dovecot, told: Told, settings: Settings, profile: str, words: str
) -> None:
    factories.organisation(authserv_ids=[])
    top = "".join(f"{line}\r\n" for line in (*INSIDE, results(ALIGNED), DOOR))
    server.deliver(letter(top=top))
    settings.MAILBOX_URLS = (server.url(authserv=profile),)
    assert any(line.strip().startswith(words) for line in told("--no-send"))


def test_a_server_that_is_away_is_told(told: Told, settings: Settings) -> None:
    settings.SMTP_URL = "smtp://127.0.0.1:1"
    assert "-> set DATARETT_SMTP_URL" in [line.strip() for line in told()]


def test_mail_in_folders_of_this_machine_has_nothing_to_try(
    told: Told, settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("mail")
    settings.MAILBOX_URLS, settings.SMTP_URL = (f"maildir:{folder}", f"maildir:{folder}/gone"), ""
    lines = told()
    assert lines[0] == f"fine    mailbox maildir:{folder}: can be read; there is no server to try out"
    assert lines[1].startswith(f"to set  mailbox maildir:{folder}/gone: ")
    assert lines[-2:] == [
        "fine    outgoing mail: is written into a folder of this machine; there is nothing to try", "1 to set",
    ]  # fmt: skip


def test_test_mails_are_taken_away_also_when_the_command_breaks_off(
    server: Dovecot, smtp: Provider, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object) -> None:
        raise TransportError("cut off")

    monkeypatch.setattr(doctor_mail, "_wait_for", broken)
    with pytest.raises(TransportError):
        told()
    assert (len(smtp.taken), mails_in(server)) == (4, 1)


@pytest.fixture
def at_microsoft(tmp_path: Path, settings: Settings) -> Iterator[Graph]:
    """A mailbox that is read and written by Microsoft Graph."""
    settings.OAUTH_TENANT, settings.OAUTH_CLIENT_ID, settings.OAUTH_CLIENT_SECRET = TENANT, CLIENT_ID, SECRET
    with graph(tmp_path / "graph") as running:
        running.deliver(letter())
        yield running


def test_a_mailbox_by_graph_is_read_and_tried_as_far_as_it_can_be(
    at_microsoft: Graph, told: Told, settings: Settings
) -> None:
    settings.MAILBOX_URLS, settings.SMTP_URL = (at_microsoft.url(),), at_microsoft.url("")
    lines = told()
    assert lines[0].startswith("fine    mailbox graph://info@optimar.no: can be read by Microsoft Graph")
    assert "fine    outgoing mail: the server lets us in and takes our address" in lines
    assert any(line.startswith("refused envelope sender <>: Microsoft Graph takes none") for line in lines)
    assert any(line.startswith("open    addresses with a plus: a mail to info+doctor@") for line in lines)
    assert any(line.startswith("open    test mails: stay in the mailbox") for line in lines)
    assert len(at_microsoft.sent) == 2


def test_by_graph_nothing_is_sent_unless_it_is_wanted_and_a_wrong_secret_is_told(
    at_microsoft: Graph, told: Told, settings: Settings
) -> None:
    settings.MAILBOX_URLS, settings.SMTP_URL = (at_microsoft.url(),), at_microsoft.url("")
    assert any("Microsoft lets us in" in line for line in told("--no-send"))
    settings.OAUTH_CLIENT_SECRET = OTHER_SECRET
    lines = told("--no-send")
    assert lines[0].startswith("to set  mailbox graph://info@optimar.no")
    assert any(line.startswith("to set  outgoing mail: the server does not let us in") for line in lines)
    assert at_microsoft.sent == []


def test_a_mailbox_that_takes_a_token_is_opened_with_one(
    tmp_path: Path, settings: Settings, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        token_server.token_server(tmp_path) as tokens,
        dovecot(introspection_url=tokens.introspection_url) as by_token,
    ):
        monkeypatch.setenv("SSL_CERT_FILE", str(tokens.certificates.authority))
        settings.OAUTH_TENANT, settings.OAUTH_CLIENT_ID = token_server.TENANT, token_server.CLIENT_ID
        settings.OAUTH_CLIENT_SECRET, settings.MICROSOFT_LOGIN = token_server.SECRET, tokens.url
        settings.MAILBOX_URLS, settings.SMTP_URL = (by_token.url(auth="microsoft"),), ""
        assert "logged in encrypted" in told()[0]
