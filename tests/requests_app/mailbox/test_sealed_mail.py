"""Encrypted and signed mail: what can be read is read, what cannot is said, and neither is put aside unread."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requests_app.mailbox import cms
from requests_app.mailbox.parse import parse
from requests_app.mailbox.parsed import ENCRYPTED, MALFORMED

from . import smime
from .mails import mail, multipart

SAID = "Slett alt dere har om meg, takk. Hilsen Kåre"
PGP = "-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA5vJ6oj1\r\n-----END PGP MESSAGE-----"


def sealed(*lines: str) -> bytes:
    """A mail that is one container, with these header lines and its text."""
    *head, text = lines
    return mail("MIME-Version: 1.0", *head, body=text)


def beside(*lines: str, text: str = "Hei") -> bytes:
    """A mail with a text and, beside it, a container."""
    *head, content = lines
    return multipart("mixed", f"Content-Type: text/plain\r\n\r\n{text}", "\r\n".join([*head, "", content]))


@pytest.mark.parametrize("container", [smime.signed(), smime.streamed()], ids=["at once", "streamed"])
@pytest.mark.parametrize(
    "kind,name",
    [
        ("application/pkcs7-mime", "smime.p7m"),
        ("application/x-pkcs7-mime", "smime.p7m"),
        ("application/octet-stream", "uten navn"),
    ],
)
def test_what_lies_in_a_signed_container_is_read(container: bytes, kind: str, name: str) -> None:
    found = parse(sealed(*smime.part(container, kind, name)))
    assert found.text == SAID
    assert found.facts.signed
    assert found.problems == ()
    assert not found.unread


def test_a_signed_container_in_a_signed_container_is_read() -> None:
    *head, text = smime.part(smime.signed())
    within = "\r\n".join([*head, "", text]).encode()
    assert parse(sealed(*smime.part(smime.signed(within)))).text == SAID


@pytest.mark.parametrize(
    "signature",
    [
        smime.part(smime.signed(beside=True), "application/pkcs7-signature", "smime.p7s"),
        smime.part(smime.signed(beside=True), "application/octet-stream", "smime.p7s"),
        ("Content-Type: application/pgp-signature", "-----BEGIN PGP SIGNATURE-----\r\n\r\niQEz\r\n"),
    ],
    ids=["S/MIME", "S/MIME by its bytes", "PGP"],
)
def test_a_signature_beside_its_text_hides_nothing(signature: tuple[str, ...]) -> None:
    *head, content = signature
    raw = multipart("signed", f"Content-Type: text/plain\r\n\r\n{SAID}", "\r\n".join([*head, "", content]))
    found = parse(raw)
    assert (found.text, found.facts.signed, found.problems) == (SAID, True, ())


def test_a_text_signed_by_pgp_is_read() -> None:
    found = parse(mail(body=f"-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: SHA256\r\n\r\n{SAID}\r\n"))
    assert SAID in found.text
    assert (found.facts.signed, found.problems) == (True, ())


@pytest.mark.parametrize(
    "raw",
    [
        sealed(*smime.part(smime.encrypted())),
        sealed(*smime.part(smime.encrypted(), "application/octet-stream", "brev")),
        beside(*smime.part(smime.encrypted(), "application/octet-stream", "brev.dat")),
        sealed(*smime.part(smime.signed(b"\r\n".join(line.encode() for line in [
            *smime.part(smime.encrypted())[:3], "", smime.part(smime.encrypted())[3],
        ])))),
        multipart(
            'encrypted; protocol="application/pgp-encrypted"',
            "Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1",
            f"Content-Type: application/octet-stream\r\n\r\n{PGP}",
        ),
        mail(body=PGP),
        mail(body=f"Hei, her kommer brevet mitt:\r\n\r\n{PGP}\r\n"),
        beside("Content-Type: application/octet-stream; name=brev.asc", PGP),
        multipart("mixed", f"Content-Type: message/rfc822\r\n\r\n{mail(body=PGP).decode()}"),
    ],
    ids=[
        "S/MIME", "S/MIME by its bytes", "S/MIME beside a text", "encrypted, then signed", "PGP/MIME",
        "PGP as the text", "PGP below a text", "PGP as a file", "PGP in a mail that was passed on",
    ],
)  # fmt: skip
def test_an_encrypted_mail_says_so_and_is_kept_for_a_person(raw: bytes) -> None:
    found = parse(raw)
    assert found.problems == (ENCRYPTED,)
    assert found.unread


def test_a_quoted_mail_of_others_encrypts_nothing() -> None:
    assert parse(mail(body="Hei\r\n\r\n> -----BEGIN PGP MESSAGE-----\r\n> hQEM")).problems == ()


def test_a_signed_container_that_is_cut_short_is_no_empty_mail() -> None:
    found = parse(sealed(*smime.part(smime.signed()[:80])))
    assert found.problems == (MALFORMED,)
    assert found.unread


def test_a_scanned_letter_without_a_word_is_unread() -> None:
    found = parse(multipart("mixed", "Content-Type: application/pdf\r\n\r\n%PDF-1.7"))
    assert found.unread
    assert not parse(mail(body="Se vedlegget")).unread
    assert not parse(multipart("report", "Content-Type: message/delivery-status\r\n\r\nAction: failed")).unread


def test_what_is_told_of_a_container() -> None:
    assert cms.kind(smime.signed()) == cms.kind(smime.streamed()) == cms.SIGNED
    assert cms.kind(smime.encrypted()) == cms.ENCRYPTED
    assert cms.kind(b"%PDF-1.7") is None
    assert cms.signed_content(smime.signed()) == cms.signed_content(smime.streamed()) == smime.INNER
    assert cms.signed_content(smime.signed(beside=True)) == b""
    assert cms.signed_content(smime.encrypted()) is None


@given(st.data())
def test_damaged_containers_never_raise(data: st.DataObject) -> None:
    raw = bytearray(data.draw(st.sampled_from([smime.streamed(), smime.signed()])))
    for _ in range(data.draw(st.integers(0, 5))):
        raw[data.draw(st.integers(0, 120))] = data.draw(st.integers(0, 255))
    cms.kind(bytes(raw))
    cms.signed_content(bytes(raw)[: data.draw(st.integers(0, len(raw)))])
