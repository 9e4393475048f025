"""S/MIME as mail programs write it: signed, with and without its text inside, and encrypted."""

import base64
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID

INNER = "Content-Type: text/plain; charset=utf-8\r\n\r\nSlett alt dere har om meg, takk. Hilsen Kåre\r\n".encode()

_KEY = rsa.generate_private_key(65537, 2048)
_NAME = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Kåre Holm")])
_BORN = datetime(2026, 1, 1, tzinfo=UTC)
_CERTIFICATE = (
    x509.CertificateBuilder()
    .subject_name(_NAME).issuer_name(_NAME).public_key(_KEY.public_key()).serial_number(1)
    .not_valid_before(_BORN).not_valid_after(_BORN + timedelta(days=365))
    .sign(_KEY, hashes.SHA256())
)  # fmt: skip


def signed(content: bytes = INNER, *, beside: bool = False) -> bytes:
    """The container of a signature (DER), with the content inside or, `beside`, without it."""
    options = [pkcs7.PKCS7Options.Binary] + ([pkcs7.PKCS7Options.DetachedSignature] if beside else [])
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content).add_signer(_CERTIFICATE, _KEY, hashes.SHA256())
    return builder.sign(serialization.Encoding.DER, options)


def encrypted(content: bytes = INNER) -> bytes:
    """The container of a content that only the holder of a key can read (DER)."""
    builder = pkcs7.PKCS7EnvelopeBuilder().set_data(content).add_recipient(_CERTIFICATE)
    return builder.encrypt(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])


def streamed(content: bytes = INNER, *, chunk: int = 16) -> bytes:
    """A container with the content inside as it is written by who does not know its length beforehand (BER)."""
    chunks = [content[at : at + chunk] for at in range(0, len(content), chunk)]
    octets = _open(0x24, *(_told(0x04, one) for one in chunks))
    inside = _open(0x30, _told(0x06, bytes.fromhex("2a864886f70d010701")), _open(0xA0, octets))
    data = _open(0x30, _told(0x02, b"\x01"), _told(0x31, b""), inside, _told(0x31, b""))
    return _open(0x30, _told(0x06, bytes.fromhex("2a864886f70d010702")), _open(0xA0, data))


def part(data: bytes, kind: str = "application/pkcs7-mime", name: str = "smime.p7m") -> tuple[str, ...]:
    """The header lines of a mail, or of a part, that is such a container, and its text."""
    text = base64.encodebytes(data).decode().replace("\n", "\r\n")
    return (
        f'Content-Type: {kind}; name="{name}"',
        f'Content-Disposition: attachment; filename="{name}"',
        "Content-Transfer-Encoding: base64",
        text,
    )


def _open(tag: int, *contents: bytes) -> bytes:
    return bytes([tag, 0x80]) + b"".join(contents) + b"\x00\x00"


def _told(tag: int, content: bytes) -> bytes:
    assert len(content) < 128
    return bytes([tag, len(content)]) + content


def endless(levels: int) -> bytes:
    """A signed container whose content begins over and over again and never ends."""
    return bytes.fromhex("30800609 2a864886f70d010702 a080 3080") + b"\x24\x80" * levels
