"""A wrong setting is found by `manage.py check`, and no message of it shows a password."""

from datetime import date
from pathlib import Path

import pytest
from django.core.checks import CheckMessage
from django.core.checks import registry as all_checks
from pytest_django.fixtures import Settings

from config import checks


@pytest.mark.parametrize("url", ["s3://bucket", "file:relative", "nonsense", ""])
def test_a_store_that_we_cannot_write_to(settings: Settings, url: str) -> None:
    assert checks.files_have_a_place() == []
    settings.FILES_URL = url
    assert [problem.id for problem in checks.files_have_a_place()] == ["config.E004"]


@pytest.mark.parametrize("url", ["nonsense", "http://mail.example.com", "smtp://", "smtp://mail.example.com:port"])
def test_a_mail_server_that_is_none(settings: Settings, url: str) -> None:
    for good in ("", "smtp://mail.example.com", "smtps://user:password@mail.example.com:465"):
        settings.SMTP_URL = good
        assert checks.mail_can_leave() == []
    settings.SMTP_URL = url
    assert [problem.id for problem in checks.mail_can_leave()] == ["config.E005"]


@pytest.mark.parametrize(
    "url",
    ["http://alarms.example.com/x", "ftp://alarms.example.com", "nonsense", "https://me:geheim@host", "https://h:port"],
)
def test_an_address_for_alarms_that_nothing_is_posted_to(settings: Settings, url: str) -> None:
    for good in ("", "https://alarms.example.com/hook?key=1", "http://127.0.0.1:9/hook", "http://localhost"):
        settings.ALARM_WEBHOOK = good
        assert checks.alarms_can_leave() == []
    settings.ALARM_WEBHOOK = url
    (problem,) = checks.alarms_can_leave()
    assert (problem.id, "geheim" not in problem.msg) == ("config.E007", True)


@pytest.mark.parametrize("url", ["http://sms.example.com/x", "nonsense", "https://me:geheim@host", "https://h:port"])
def test_an_address_for_codes_that_nothing_is_posted_to(settings: Settings, url: str) -> None:
    for good in ("", "https://sms.example.com/messages", "http://127.0.0.1:9/messages"):
        settings.SMS_URL = good
        assert checks.codes_can_leave() == []
    settings.SMS_URL = url
    (problem,) = checks.codes_can_leave()
    assert (problem.id, "geheim" not in problem.msg) == ("config.E012", True)


@pytest.mark.parametrize("prefix", ["EID", "SSO"])
def test_a_provider_of_identity_that_cannot_be_asked(settings: Settings, prefix: str) -> None:
    def told(issuer: str, client: str = "c", password: str = "geheim") -> list[str]:  # noqa: S107
        for name, value in (("ISSUER", issuer), ("CLIENT_ID", client), ("CLIENT_SECRET", password)):
            setattr(settings, f"{prefix}_{name}", value)
        problems = checks.providers_of_identity_can_be_asked()
        assert "geheim" not in str(problems)
        return [str(problem.id) for problem in problems]

    tenant = "https://login.microsoftonline.com/72f988bf/v2.0"
    for good in (tenant, "http://localhost:9400"):
        assert told(good) == []
    assert told("", "", "") == []
    assert told(tenant, "") == told("", "c") == told(tenant, "c", "") == ["config.E020"]
    for bad in ("http://id.example.com", "nonsense", "https://me:geheim@id.example.com"):
        assert told(bad) == ["config.E021"]
    assert told("https://login.microsoftonline.com/common/v2.0") == ["config.E022"]


def test_a_rule_for_the_second_factor_that_is_none(settings: Settings) -> None:
    for good in ("", "amr=mfa", "acr=urn:example:high"):
        settings.SSO_SECOND_FACTOR = good
        assert checks.providers_of_identity_can_be_asked() == []
    settings.SSO_SECOND_FACTOR = "mfa"
    assert [problem.id for problem in checks.providers_of_identity_can_be_asked()] == ["config.E023"]


@pytest.mark.parametrize("url", ["pop3://user:geheim@mail.example.com", "maildir:relative", "imaps:geheim", "imap://["])
def test_a_mailbox_of_an_unknown_kind_is_told_by_its_place(settings: Settings, url: str) -> None:
    good = (
        "maildir:/srv/mail",
        "maildir:///srv/mail",
        "imaps://a%40b:c@mail.example.com/INBOX",
        "imap://a:b@localhost/INBOX",
    )
    settings.MAILBOX_URLS = good
    assert checks.mailboxes_can_be_named() == []
    settings.MAILBOX_URLS = (*good, url)
    (problem,) = checks.mailboxes_can_be_named()
    assert (problem.id, "address 5" in problem.msg) == ("config.E006", True)
    assert "geheim" not in problem.msg


def test_a_mailbox_that_is_named_twice_is_told(settings: Settings) -> None:
    one, other = "imaps://a%40b:geheim@mail.example.com/INBOX", "imaps://c%40b:geheim@mail.example.com/INBOX"
    settings.MAILBOX_URLS = (one, other)
    assert checks.mailboxes_are_told_apart() == []
    settings.MAILBOX_URLS = (one, other, f"{one}?folders=Support")
    (problem,) = checks.mailboxes_are_told_apart()
    assert (problem.id, "address 3 is the mailbox of address 1" in problem.msg) == ("config.W003", True)
    assert "geheim" not in problem.msg


def name_an_application(settings: Settings) -> None:
    """Name one as it could be registered."""
    settings.OAUTH_TENANT, settings.OAUTH_CLIENT_SECRET = "optimar.example", "geheim"
    settings.OAUTH_CLIENT_ID = "00000000-0000-4000-8000-000000000000"


def test_an_address_by_token_needs_its_application_and_an_application_the_day_on_which_it_ends(
    settings: Settings,
) -> None:
    settings.MAILBOX_URLS = ("imaps://info%40optimar.example@mail.example.com/INBOX?auth=microsoft",)
    settings.SMTP_URL = "smtp://info%40optimar.example@mail.example.com?auth=microsoft"
    problems = (*checks.mailboxes_can_be_named(), *checks.mail_can_leave(), *checks.end_of_the_secret_is_known())
    assert [problem.id for problem in problems] == ["config.E006", "config.E005"]
    assert all("DATARETT_OAUTH_CLIENT_SECRET" in problem.msg for problem in problems)
    name_an_application(settings)
    assert (checks.mailboxes_can_be_named(), checks.mail_can_leave()) == ([], [])
    assert [problem.id for problem in checks.end_of_the_secret_is_known()] == ["config.W002"]
    settings.OAUTH_SECRET_ENDS = date(2027, 5, 31)
    assert checks.end_of_the_secret_is_known() == []
    settings.OAUTH_TENANT = "https://login/geheim"
    (problem,) = checks.mailboxes_can_be_named()
    assert ("DATARETT_OAUTH_TENANT" in problem.msg, "geheim" in problem.msg) == (True, False)


def test_an_application_at_microsoft_is_one_that_can_be_meant(settings: Settings) -> None:
    settings.MAILBOX_URLS = ("maildir:/srv/mail", "graph://info%40example.com/Inbox?every=30")
    (problem,) = checks.mailboxes_can_be_named()
    assert (problem.id, "address 2" in problem.msg) == ("config.E006", True)
    assert "DATARETT_OAUTH_TENANT" in problem.msg
    name_an_application(settings)
    assert checks.mailboxes_can_be_named() == []
    settings.OAUTH_CLIENT_SECRET = settings.OAUTH_CLIENT_ID
    (problem,) = checks.mailboxes_can_be_named()
    assert "give its value" in problem.msg
    settings.OAUTH_CLIENT_ID, settings.OAUTH_CLIENT_SECRET = "geheim", "geheim"
    (problem,) = checks.mailboxes_can_be_named()
    assert ("DATARETT_OAUTH_CLIENT_ID" in problem.msg, "geheim" in problem.msg) == (True, False)


@pytest.mark.parametrize("url", ["graph://info:geheim@example.com", "graph://info%40example.com?category=geheim,a"])
def test_a_mailbox_at_microsoft_that_cannot_be_understood_is_told_by_its_place(settings: Settings, url: str) -> None:
    name_an_application(settings)
    settings.MAILBOX_URLS = ("maildir:/srv/mail", url)
    (problem,) = checks.mailboxes_can_be_named()
    assert (problem.id, "address 2" in problem.msg) == ("config.E006", True)
    assert "geheim" not in problem.msg


@pytest.mark.parametrize(
    "url", ["graph://example.com", "graph://info:geheim@example.com", "graph://a%40b.example/Inbox"]
)
def test_a_sender_at_microsoft_that_is_none(settings: Settings, url: str) -> None:
    settings.SMTP_URL = "graph://info%40example.com"
    assert [problem.id for problem in checks.mail_can_leave()] == ["config.E005"]
    name_an_application(settings)
    settings.SMTP_URL = "graph://info%40example.com"
    assert checks.mail_can_leave() == []
    settings.SMTP_URL = url
    (problem,) = checks.mail_can_leave()
    assert problem.id == "config.E005"
    assert "geheim" not in problem.msg


def test_a_list_of_leaked_passwords_that_is_none(settings: Settings, tmp_path: Path) -> None:
    settings.LEAKED_PASSWORDS = None
    assert checks.leaked_passwords_are_readable() == []
    settings.LEAKED_PASSWORDS = tmp_path / "list"
    (problem,) = checks.leaked_passwords_are_readable()
    assert problem.id == "config.E010"
    settings.LEAKED_PASSWORDS.write_text(f"{'0' * 40}:3\n{'F' * 40}:1\n")
    assert checks.leaked_passwords_are_readable() == []
    settings.LEAKED_PASSWORDS.write_text("password\n")
    assert [problem.id for problem in checks.leaked_passwords_are_readable()] == ["config.E010"]


def test_every_check_is_run() -> None:
    written = {f for f in vars(checks).values() if getattr(f, "__module__", "") == checks.__name__ and callable(f)}
    takes_all = {f for f in written if getattr(f, "__annotations__", {}).get("return") == list[CheckMessage]}
    assert takes_all == {f for f in all_checks.registry.get_checks() if f.__module__ == checks.__name__}
