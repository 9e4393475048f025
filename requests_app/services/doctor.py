"""What the mail provider allows and refuses, and which setting each refusal asks for (`manage.py doctor`).

Nothing here is assumed of a provider: it is tried. What is refused and has a way around it of its own (keywords,
Message-IDs) is told as such; what needs a setting names it.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings

from requests_app import selectors
from requests_app.keyring import ring
from requests_app.mailbox import (
    auth_results,
    authenticity,
    exchange_online,
    graph_address,
    imap_address,
    mailboxes,
    probe,
)
from requests_app.mailbox.imap_probe import ImapProbe
from requests_app.mailbox.parse import parse_headers
from requests_app.mailbox.parsed import ParsedMail
from requests_app.mailbox.secure_urls import BadAddressError
from requests_app.mailbox.sources import SourceError

from . import mail_access

NEWEST = 30  # mails whose checks of the sender are looked at
URLS, IDS = "DATARETT_MAILBOX_URLS", "authserv_ids of the organisation"


class State(StrEnum):
    """How a probe ended."""

    FINE = "fine"
    REFUSED = "refused"  # and nothing has to be done about it
    TO_SET = "to set"  # a setting has to change; it is named
    OPEN = "open"  # it could not be found out


@dataclass(frozen=True)
class Finding:
    """The outcome of one probe in words for the operator; `setting` is what has to change, "" for nothing."""

    probe: str
    state: State
    words: str
    setting: str = ""


def look_into_mailboxes(watched: list[ImapProbe]) -> Iterator[Finding]:
    """Look at every mailbox and change nothing; those that can be watched for mail are added to `watched`."""
    for number, url in enumerate(settings.MAILBOX_URLS, 1):
        found = _open(url)
        if isinstance(found, ImapProbe):
            yield from _look_into(found, watched)
        else:
            yield Finding(f"mailbox {number}", State.TO_SET, found, URLS) if found else _without_imap(url)


def _open(url: str) -> ImapProbe | str:
    """The probe of an address, what is wrong with it, or "" for a mailbox that is none of IMAP."""
    if url.partition(":")[0].lower() in imap_address.SCHEMES:
        try:
            return ImapProbe(imap_address.read(url, mail_access.application()))
        except BadAddressError as error:
            return str(error)
    try:
        mailboxes.open_mailbox(url, mail_access.application())
    except SourceError as error:
        return str(error)
    return ""


def _without_imap(url: str) -> Finding:
    """Look once into a folder of this machine, or a mailbox that is read by Microsoft Graph."""
    mailbox = mailboxes.open_mailbox(url, mail_access.application())
    name = f"mailbox {mailbox.name}"
    try:
        fault = mailbox.source.look().fault
    except SourceError as error:
        fault = error
    finally:
        mailbox.close()
    if fault:
        return Finding(name, State.TO_SET, str(fault), URLS)
    if url.partition(":")[0].lower() == graph_address.SCHEME:
        return Finding(name, State.FINE, "can be read by Microsoft Graph; whether it lets us mark mail shows by itself")
    return Finding(name, State.FINE, "can be read; there is no server to try out")


def _look_into(found: ImapProbe, watched: list[ImapProbe]) -> Iterator[Finding]:
    address, name = found.address, f"mailbox {found.address.name}"
    try:
        seen = found.examine()
        newest = [parse_headers(raw) for raw in found.newest(NEWEST) if not _ours(raw)] if seen.folders else []
    except SourceError as error:
        found.close()
        yield Finding(name, State.TO_SET, str(error), URLS)
        return
    watched.append(found)
    encrypted = "without encryption, on this machine" if _plain(found) else "encrypted"
    if seen.closed:
        words = f"these folders cannot be opened: {', '.join(seen.closed)}"
        yield Finding(name, State.TO_SET, words, f"folders= in {URLS}")
    else:
        yield Finding(name, State.FINE, f"logged in {encrypted}; opens {', '.join(seen.folders)}")
    if address.move and not seen.moves:
        words = "the server can neither move nor delete single mails, so they stay where they are"
        yield Finding("moving", State.TO_SET, words, f"keyword= instead of move= in {URLS}")
    elif address.move:
        yield Finding("moving", State.FINE, "mail that is safe can be moved")
    elif not address.keyword:
        yield Finding("keywords", State.FINE, "mail that is safe is left as it is, and known by its number")
    elif seen.keywords:
        yield Finding("keywords", State.FINE, f"mail that is safe gets {address.keyword}")
    else:
        yield Finding("keywords", State.REFUSED, "mail that is safe is known by its number; nothing has to be set")
    yield _senders(newest, address.authserv)


def _plain(found: ImapProbe) -> bool:
    server = found.address.server
    return not server.tls and server.loopback


def _ours(raw: bytes) -> bool:
    return probe.token_of(ring().all("mail"), raw) is not None


def _senders(newest: list[ParsedMail], profile: str) -> Finding:
    """Compare what servers wrote into the newest mails about their senders with whom we are to believe."""
    checked = [mail for mail in newest if mail.facts.authentication_results]
    wanted = set(selectors.organisation().authserv_ids)
    at_the_door = sum(_at_the_door(mail) for mail in checked)
    tops = [auth_results.read(mail.facts.authentication_results[0]).authserv_id for mail in checked]
    what, of = "check of senders", f"of the {len(newest)} newest mails"
    if not checked:
        return Finding(what, State.OPEN, f"none {of} holds a check; every sender counts as not checked")
    if profile == authenticity.EXCHANGE_ONLINE:
        if at_the_door:
            return Finding(what, State.FINE, f"written by Exchange Online into {at_the_door} {of}")
        return Finding(what, State.TO_SET, f"Exchange Online wrote none {of}", f"no authserv= in {URLS}")
    believed = sum(top in wanted for top in tops)
    if believed:
        return Finding(what, State.FINE, f"by a server that is believed in {believed} {of}")
    if at_the_door:
        words = f"written by Exchange Online, which names no server, into {at_the_door} {of}"
        return Finding(what, State.TO_SET, words, f"authserv=exchange-online in {URLS}")
    usual, times = Counter(tops).most_common(1)[0]
    if usual and times * 2 > len(newest):
        words = f"{usual} wrote it into {times} {of}: if that is your mail server, it has to be believed"
        return Finding(what, State.TO_SET, words, f"{IDS}: {usual}")
    return Finding(what, State.OPEN, f"no server wrote it into most {of}, so none can be proposed")


def _at_the_door(mail: ParsedMail) -> bool:
    named = auth_results.read(mail.facts.authentication_results[0]).authserv_id
    return not named and exchange_online.came_in(mail.facts.received_above, mail.facts.received_below)


def clean_up(watched: list[ImapProbe]) -> Iterator[Finding]:
    """Take our test mails out of the mailboxes again, let go of them, and tell where that is refused."""
    keys = ring().all("mail")
    for one in watched:
        left = 0
        try:
            one.remove(list(one.arrivals(keys).values()))
            left = len(one.arrivals(keys))
        except SourceError as error:
            yield Finding("test mails", State.OPEN, f"could not be taken away ({error}); they become no inquiries")
        one.close()
        if left:
            words = f"{left} could not be deleted from {one.address.name}; they become no inquiries"
            yield Finding("test mails", State.OPEN, words)
