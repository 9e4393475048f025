"""Only our own server's findings count, and only about the domain in From."""

import pytest

from requests_app.mailbox.authenticity import Authenticity, judge
from requests_app.mailbox.parse import parse

from .mails import AUTHSERV, mail

PASSED, FAILED, UNKNOWN = Authenticity.PASSED, Authenticity.FAILED, Authenticity.UNKNOWN


@pytest.mark.parametrize(
    "results, expected",
    [
        ([], UNKNOWN),
        (["mx1.optimar.no; dmarc=pass header.from=example.com"], PASSED),
        (["MX1.optimar.no 1; dmarc=pass (p=reject) header.from=example.com"], PASSED),
        (["mx1.optimar.no; dkim=pass header.d=example.com"], PASSED),
        (["mx1.optimar.no; dkim=pass header.i=@mail.example.com"], PASSED),
        (["mx1.optimar.no; spf=pass smtp.mailfrom=bounce@example.com"], PASSED),
        (["mx1.optimar.no; dkim=pass header.d=thief.example; spf=pass smtp.mailfrom=thief.example"], UNKNOWN),
        (["mx1.optimar.no; dkim=pass header.d=notexample.com"], UNKNOWN),
        (["mx1.optimar.no; dmarc=fail header.from=example.com"], FAILED),
        (["mx1.optimar.no; spf=fail smtp.mailfrom=example.com"], FAILED),
        (["mx1.optimar.no; spf=fail smtp.mailfrom=example.com; dkim=pass header.d=example.com"], PASSED),
        (["mx1.optimar.no; spf=softfail smtp.mailfrom=example.com; dmarc=none"], UNKNOWN),
        (["mx.thief.example; dmarc=pass header.from=example.com"], UNKNOWN),
        (
            [
                "mx1.optimar.no; dmarc=fail header.from=example.com",
                "mx1.optimar.no; dmarc=pass header.from=example.com",
            ],
            FAILED,
        ),
        (["; dmarc=pass header.from=example.com"], UNKNOWN),
        (["garbage"], UNKNOWN),
    ],
)
def test_findings(results: list[str], expected: Authenticity) -> None:
    found = parse(mail(*(f"Authentication-Results: {one}" for one in results)))
    assert judge(found, authserv_ids=AUTHSERV) is expected


def test_without_a_configured_server_nothing_is_believed() -> None:
    found = parse(mail("Authentication-Results: mx1.optimar.no; dmarc=pass header.from=example.com"))
    assert judge(found, authserv_ids=()) is UNKNOWN
