"""Only our own server's findings count, and only about the domain in From."""

import pytest

from requests_app.mailbox import auth_results
from requests_app.mailbox.authenticity import (
    EXCHANGE_ONLINE,
    Authenticity,
    Judgement,
    Reason,
    Why,
    judge,
    signed_by,
)
from requests_app.mailbox.parse import parse

from .mails import AUTHSERV, mail

GOOD, GUESS, BAD = Why.COMPOSITE_GOOD, Why.COMPOSITE_GUESS, Why.COMPOSITE_FAIL
ELSEWHERE = Why.NOT_OUR_HOP
PASSED, FAILED, UNKNOWN = Authenticity.PASSED, Authenticity.FAILED, Authenticity.UNKNOWN


def judged(*results: str, sender: str = "Kari Nes <kari@example.com>") -> Judgement:
    """What is made of a mail to us with these Authentication-Results, topmost first."""
    found = parse(mail(*(f"Authentication-Results: {one}" for one in results), sender=sender))
    return judge(found, authserv_ids=AUTHSERV)


@pytest.mark.parametrize(
    "results, expected, why",
    [
        ([], UNKNOWN, [Why.NO_BLOCK]),
        (["mx1.optimar.no; dmarc=pass header.from=example.com"], PASSED, [Why.DMARC_GOOD]),
        (["MX1.optimar.no 1; dmarc=pass (p=reject) header.from=example.com"], PASSED, [Why.DMARC_GOOD]),
        (["mx1.optimar.no; dkim=pass header.d=example.com"], PASSED, [Why.DKIM_GOOD]),
        (["mx1.optimar.no; dkim=pass header.i=@mail.example.com"], PASSED, [Why.DKIM_GOOD]),
        (["mx1.optimar.no; spf=pass smtp.mailfrom=bounce@example.com"], PASSED, [Why.SPF_GOOD]),
        (
            ["mx1.optimar.no; dkim=pass header.d=thief.example; spf=pass smtp.mailfrom=thief.example"],
            UNKNOWN,
            [Why.DKIM_FOREIGN, Why.SPF_FOREIGN],
        ),
        (["mx1.optimar.no; dkim=pass header.d=notexample.com"], UNKNOWN, [Why.DKIM_FOREIGN]),
        (["mx1.optimar.no; dmarc=pass header.from=thief.example"], UNKNOWN, [Why.OTHER_FROM]),
        (["mx1.optimar.no; dmarc=fail header.from=example.com"], FAILED, [Why.DMARC_FAIL]),
        (["mx1.optimar.no; spf=fail smtp.mailfrom=example.com"], FAILED, [Why.SPF_FAIL]),
        (["mx1.optimar.no; spf=fail smtp.mailfrom=example.com; dkim=pass header.d=example.com"], PASSED, None),
        (["mx1.optimar.no; spf=softfail smtp.mailfrom=example.com; dmarc=none"], UNKNOWN, [Why.NOTHING_PROVES]),
        (["mx1.optimar.no; none"], UNKNOWN, [Why.NOTHING_PROVES]),
        (["mx.thief.example; dmarc=pass header.from=example.com"], UNKNOWN, [Why.NO_BLOCK]),
        (["; dmarc=pass header.from=example.com"], UNKNOWN, [Why.NO_BLOCK]),
        (["garbage"], UNKNOWN, [Why.NO_BLOCK]),
    ],
)
def test_findings(results: list[str], expected: Authenticity, why: list[Why] | None) -> None:
    found = judged(*results)
    assert found.verdict is expected
    assert why is None or [one.code for one in found.reasons] == why


@pytest.mark.parametrize(
    "results",
    [
        # The thief's own line under ours, and one with our name that our server let stand.
        ["mx1.optimar.no; dmarc=fail header.from=example.com", "mx1.optimar.no; dmarc=pass header.from=example.com"],
        ["mx1.optimar.no; spf=none", "mx.thief.example; dmarc=pass header.from=example.com"],
        ["mx1.optimar.no; none", "MX1.OPTIMAR.NO; DMARC=PASS HEADER.FROM=EXAMPLE.COM"],
        # Words of the thief inside a finding of our server.
        ["mx1.optimar.no; spf=none (helo (x) ; dmarc=pass header.from=example.com ;) smtp.mailfrom=thief.example"],
        ['mx1.optimar.no; spf=pass smtp.mailfrom="x; dmarc=pass header.from=example.com"@thief.example'],
        ['mx1.optimar.no; spf=pass smtp.mailfrom="x\\"; dmarc=pass header.from=example.com;"@thief.example'],
        ["mx1.optimar.no; spf=none smtp.helo==?utf-8?q?x;_dmarc=3Dpass_header.from=3Dexample.com?="],
        ["mx1.optimar.no; spf=pass smtp.helo=example.com smtp.mailfrom=thief.example"],
        ["mx1.optimar.no; spf=pass smtp.helo=example.com"],
        ['mx1.optimar.no; dkim=fail reason="dkim=pass header.d=example.com" header.d=thief.example'],
        ["mx1.optimar.no; dkim=pass header.d=thief.example header.d=example.com"],
        ['mx1.optimar.no; "dmarc=pass" header.from=example.com'],
        ["mx1.optimar.no; spf=none (never closed; dmarc=pass header.from=example.com"],
        ["mx1.optimar.no; iprev=pass policy.iprev=example.com; auth=pass smtp.auth=kari@example.com"],
        ["mx1.optimar.no.thief.example; dmarc=pass header.from=example.com"],
        ["thief.example (mx1.optimar.no); dmarc=pass header.from=example.com"],
    ],
)
def test_nothing_that_a_stranger_writes_passes_for_a_word_of_our_server(results: list[str]) -> None:
    assert judged(*results).verdict is not PASSED


@pytest.mark.parametrize(
    "result",
    [
        "mx1.optimar.no;\r\n dmarc=pass\r\n\t(p=reject;\r\n dis=none) header.from=example.com",
        "Mx1.Optimar.No; DMARC = Pass Header.From=Example.COM",
        'mx1.optimar.no; dmarc=pass (a (nested) "one") header.from="example.com"',
        "mx1.optimar.no; dkim/1 = pass header.d=example.com.",
        "(ours) mx1.optimar.no (v2) 1 ; spf=neutral ; dkim=fail header.d=list.example ; dkim=pass header.d=example.com",
    ],
)
def test_a_field_may_be_folded_commented_and_written_in_any_case(result: str) -> None:
    assert judged(result).verdict is PASSED


@pytest.mark.parametrize(
    "signed, sender, expected",
    [
        ("example.com", "kari@example.com", PASSED),
        ("example.com", "kari@post.example.com", PASSED),
        ("bounces.example.com", "kari@example.com", PASSED),
        ("post.example.co.uk", "kari@www.example.co.uk", UNKNOWN),  # side by side: without the list, strangers
        ("co.uk", "kari@example.org.uk", UNKNOWN),
        ("com", "kari@example.com", UNKNOWN),
        ("thief.com", "kari@com", UNKNOWN),
        ("ample.com", "kari@example.com", UNKNOWN),
        ("xn--blbr-roah.example", "kari@blåbær.example", PASSED),
        ("blåbær.example", "kari@xn--blbr-roah.example", PASSED),
        ("xn--blbr-roah.example", "kari@blabar.example", UNKNOWN),
        (".." + "a" * 70, "kari@example.com", UNKNOWN),
    ],
)
def test_a_domain_speaks_for_those_above_and_below_it(signed: str, sender: str, expected: Authenticity) -> None:
    assert judged(f"mx1.optimar.no; dkim=pass header.d={signed}", sender=sender).verdict is expected


@pytest.mark.parametrize(
    "lines",
    [
        ("From: kari@example.com", "From: boss@example.com"),
        ("From: kari@example.com, boss@example.com",),
    ],
)
def test_of_several_senders_none_is_believed(lines: tuple[str, ...]) -> None:
    found = parse(mail("Authentication-Results: mx1.optimar.no; dmarc=pass header.from=example.com", *lines))
    assert judge(found, authserv_ids=AUTHSERV) == Judgement(UNKNOWN, (Reason(Why.SEVERAL_SENDERS),))


def test_without_a_configured_server_nothing_is_believed() -> None:
    found = parse(mail("Authentication-Results: mx1.optimar.no; dmarc=pass header.from=example.com"))
    assert judge(found, authserv_ids=()) == Judgement(UNKNOWN, (Reason(Why.NO_SERVER),))


def test_a_field_of_any_length_is_read_in_one_go() -> None:
    deep = auth_results.read("mx1.optimar.no; spf=none " + "(" * 100_000 + "; dmarc=pass header.from=example.com")
    assert [one.method for one in deep.findings] == ["spf"]


# Exchange Online, from the mailbox down to the machine that gave the mail to it.
INSIDE = (
    "Received: from HK2PR02MB3921.apcprd02.prod.outlook.com (2603:1096:202:1f::14)\r\n by "
    "HK2PR02MB4113.apcprd02.prod.outlook.com with HTTPS; Wed, 14 Jul 2021 08:17:59 +0000",
    "Received: from HK2APC01FT029.eop-APC01.prod.protection.outlook.com\r\n (2603:1096:202:2e:cafe::4c) by "
    "HK2PR06CA0006.outlook.office365.com\r\n (2603:1096:202:2e::18) with Microsoft SMTP Server (version=TLS1_2,\r\n "
    "cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384) id 15.20.4331.21 via Frontend\r\n Transport; Wed, 14 Jul 2021",
)
DOOR = (
    "Received: from mail.example.com (192.0.2.7) by\r\n HK2APC01FT029.mail.protection.outlook.com (10.152.248.195) "
    "with Microsoft\r\n SMTP Server id 15.20.4331.21 via Frontend Transport; Wed, 14 Jul 2021 08:17:56 +0000"
)
ALIGNED = (
    "spf=pass (sender IP is 192.0.2.7)\r\n smtp.mailfrom=example.com; optimar.example; dkim=pass (signature was\r\n "
    "verified) header.d=example.com;optimar.example; dmarc=pass\r\n action=none header.from=example.com;"
    "compauth=pass reason=100"
)
UNSIGNED = (
    "spf={} (sender IP is 192.0.2.7) smtp.mailfrom={}; dkim=none (message not signed) header.d=none;"
    "dmarc={} action=none header.from=example.com;compauth={} reason={}"
)


def by_microsoft(*lines: str) -> Judgement:
    """What is made of a mail that lay in a mailbox of Exchange Online."""
    return judge(parse(mail(*lines)), authserv_ids=(), profile=EXCHANGE_ONLINE)


def results(value: str) -> str:
    """The field of this value."""
    return f"Authentication-Results: {value}"


@pytest.mark.parametrize(
    "said, expected, last",
    [
        (ALIGNED, PASSED, Reason(GOOD, "100")),
        (UNSIGNED.format("pass", "news.mailer.example", "none", "pass", "101"), PASSED, Reason(GOOD, "101")),
        (UNSIGNED.format("none", "example.com", "none", "pass", "116"), UNKNOWN, Reason(GUESS, "116")),
        (UNSIGNED.format("none", "example.com", "none", "pass", "703"), UNKNOWN, Reason(GUESS, "703")),
        (UNSIGNED.format("none", "example.com", "none", "softpass", "202"), UNKNOWN, Reason(GUESS, "202")),
        (UNSIGNED.format("none", "example.com", "none", "fail", "001"), UNKNOWN, Reason(GUESS, "001")),
        (UNSIGNED.format("none", "example.com", "none", "none", "405"), UNKNOWN, Reason(Why.NOTHING_PROVES)),
        (UNSIGNED.format("none", "example.com", "none", "fail", "601"), FAILED, Reason(BAD, "601")),
        (UNSIGNED.format("fail", "example.com", "fail", "fail", "000"), FAILED, Reason(BAD, "000")),
        (UNSIGNED.format("fail", "example.com", "fail", "pass", "130"), FAILED, Reason(GUESS, "130")),
        (ALIGNED.replace("reason=100", "reason=002").replace("compauth=pass", "compauth=fail"), FAILED, None),
    ],
)  # fmt: skip
def test_what_exchange_online_sums_up_counts_where_it_is_more_than_a_guess(
    said: str, expected: Authenticity, last: Reason | None
) -> None:
    found = by_microsoft(*INSIDE, results(said), DOOR)
    assert found.verdict is expected
    assert last is None or found.reasons[-1] == last


@pytest.mark.parametrize(
    "lines, why",
    [
        ((results(ALIGNED),), ELSEWHERE),  # laid into the mailbox, not received
        ((results(ALIGNED), DOOR), ELSEWHERE),  # above all of our machines
        ((*INSIDE, DOOR, results(ALIGNED)), ELSEWHERE),  # brought along
        (("Received: from a.example by mx.optimar.example", results(ALIGNED), DOOR), ELSEWHERE),  # another house
        ((*INSIDE, "Received: from mx.relay.example by HK2.outlook.com", results(ALIGNED), DOOR), ELSEWHERE),
        ((*INSIDE, results(ALIGNED), "Received: from a by mx.optimar.example"), ELSEWHERE),
        ((*INSIDE, results(ALIGNED)), ELSEWHERE),
        ((*INSIDE, results(f"mx1.optimar.no; {ALIGNED}"), DOOR), ELSEWHERE),  # named: not what Exchange writes
        ((*INSIDE, DOOR), Why.NO_BLOCK),
        ((*INSIDE, results(ALIGNED.replace("from=example.com", "from=thief.example")), DOOR), Why.OTHER_FROM),
        (("Received: from evil.outlook.com.thief.example by x.prod.outlook.com", results(ALIGNED), DOOR), ELSEWHERE),
        (("Received: (by HK2.prod.outlook.com) from by by", results(ALIGNED), DOOR), ELSEWHERE),
        ((*INSIDE * 11, results(ALIGNED), DOOR), ELSEWHERE),
    ],
)  # fmt: skip
def test_a_block_counts_only_where_the_tenants_own_door_writes_it(lines: tuple[str, ...], why: Why) -> None:
    assert [one.code for one in by_microsoft(*lines).reasons] == [why]


def test_what_a_stranger_brought_along_lies_under_the_word_of_the_door() -> None:
    said = results(UNSIGNED.format("fail", "example.com", "fail", "fail", "000"))
    assert by_microsoft(*INSIDE, said, DOOR, *INSIDE, results(ALIGNED), DOOR).verdict is FAILED


def test_the_profile_is_not_for_other_mailboxes() -> None:
    found = parse(mail(*INSIDE, results(ALIGNED), DOOR))
    assert judge(found, authserv_ids=AUTHSERV) == Judgement(UNKNOWN, (Reason(Why.NO_BLOCK),))


@pytest.mark.parametrize(
    "before, code, after",
    [
        (UNKNOWN, Why.SIGNED, PASSED),
        (FAILED, Why.SIGNED, FAILED),
        (PASSED, Why.SIGNATURE_BROKEN, PASSED),
        (UNKNOWN, Why.SIGNATURE_BROKEN, UNKNOWN),
        (UNKNOWN, Why.SIGNATURE_UNCHECKED, UNKNOWN),
    ],
)
def test_a_signature_can_only_speak_for_a_sender(before: Authenticity, code: Why, after: Authenticity) -> None:
    reason = Reason(code, "example.com")
    assert signed_by(Judgement(before), reason) == Judgement(after, (reason,))
