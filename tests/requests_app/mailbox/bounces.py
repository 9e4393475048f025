"""What mail servers write when they cannot deliver, each about the mail with a given header block."""

HEADERS = "From: Optimar <info@optimar.no>\r\nTo: kari@example.com\r\nSubject: Svar\r\nMessage-ID: {id}\r\n"


def report(
    message_id: str,
    *,
    action: str = "failed",
    status: str = "5.1.1",
    recipient: str = "kari@example.com",
    to: str = "info@optimar.no",
    diagnosis: str = "smtp; 550 5.1.1 <kari@example.com>: Recipient address rejected: User unknown",
    returned: str = "message/rfc822",
    charset: str = "us-ascii",
) -> bytes:
    """Return a report as Postfix, Exchange Online and Gmail write it (RFC 3464)."""
    body = "\r\nHemmelig svar\r\n" if returned == "message/rfc822" else ""
    return (
        "Return-Path: <>\r\n"
        "From: Mail Delivery System <MAILER-DAEMON@mx.example.com>\r\n"
        f"To: {to}\r\nSubject: Undelivered Mail Returned to Sender\r\nAuto-Submitted: auto-replied\r\n"
        "Message-ID: <20260701@mx.example.com>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="cut"\r\n\r\n'
        f"--cut\r\nContent-Type: text/plain; charset={charset}\r\n\r\nI could not deliver your message.\r\n"
        "--cut\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.com\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: {diagnosis}\r\n"
        f"\r\n--cut\r\nContent-Type: {returned}\r\n\r\n{HEADERS.format(id=message_id)}{body}\r\n--cut--\r\n"
    ).encode()


def qmail(message_id: str) -> bytes:
    """Return the words of qmail."""
    return (
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example.com\r\nTo: info@optimar.no\r\n"
        "Subject: failure notice\r\n\r\nHi. This is the qmail-send program at mx.example.com.\r\n"
        "I'm afraid I wasn't able to deliver your message.\r\n\r\n"
        "<kari@example.com>:\r\nSorry, no mailbox here by that name. (#5.1.1)\r\n\r\n"
        "--- Below this line is a copy of the message.\r\n\r\nReturn-Path: <info@optimar.no>\r\n"
        f"{HEADERS.format(id=message_id)}\r\nHemmelig svar\r\n"
    ).encode()


def exim(message_id: str) -> bytes:
    """Return the words of Exim, which marks them in the header."""
    return (
        "From: Mail Delivery System <Mailer-Daemon@mx.example.com>\r\nTo: info@optimar.no\r\n"
        "X-Failed-Recipients: kari@example.com\r\nSubject: Mail delivery failed: returning message to sender\r\n\r\n"
        "This message was created automatically by mail delivery software.\r\n\r\n  kari@example.com\r\n"
        "    all relevant MX records point to non-existent hosts\r\n\r\n"
        "------ This is a copy of the message, including all the headers. ------\r\n\r\n"
        f"{HEADERS.format(id=message_id)}\r\nHemmelig svar\r\n"
    ).encode()


def exchange(message_id: str) -> bytes:
    """Return the words of an Exchange server, as HTML that quotes the headers."""
    quoted = HEADERS.format(id=message_id).replace("<", "&lt;").replace(">", "&gt;").replace("\r\n", "<br>\r\n")
    return (
        "From: Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@example.com>\r\n"
        "To: info@optimar.no\r\nSubject: Kan ikke leveres: Svar\r\n"
        "Content-Type: text/html; charset=utf-8\r\n\r\n"
        "<html><body><p>Levering til disse mottakerne mislyktes:</p><p>kari@example.com</p>"
        "<p>Diagnostic information for administrators:<br>#550 5.2.2 RESOLVER.ADR; mailbox full ##</p>"
        "<p>Original message headers:</p>"
        f"<p>Received: from mail.optimar.no (10.1.2.3)<br>{quoted}</p></body></html>\r\n"
    ).encode()


def exim_warning(message_id: str) -> bytes:
    """Return what Exim writes after a day, while it goes on trying."""
    return (
        "From: Mail Delivery System <Mailer-Daemon@mx.example.com>\r\nTo: info@optimar.no\r\n"
        "Subject: Warning: message 1abCDe-0000 delayed 24 hours\r\n\r\n"
        "A message that you sent has not yet been delivered.\r\n\r\n"
        f"{HEADERS.format(id=message_id)}\r\n"
    ).encode()
