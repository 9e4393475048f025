"""Mails that bear a signature of their domain (RFC 6376), and the record that holds its key."""

import base64
from functools import cache

import dkim
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

SELECTOR = "s1"


@cache
def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def name(domain: str = "example.com") -> str:
    """Where the key of a domain is published."""
    return f"{SELECTOR}._domainkey.{domain}."


def record() -> str:
    """What is published there."""
    spki = _key().public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return f"v=DKIM1; k=rsa; p={base64.b64encode(spki).decode()}"


def signed(raw: bytes, domain: str = "example.com", *, length: bool = False) -> bytes:
    """Return the mail with a signature on top; with `length` it covers only the body as it is now."""
    pem = _key().private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    field: bytes = dkim.sign(
        raw, SELECTOR.encode(), domain.encode(), pem,
        include_headers=[b"from", b"to", b"subject"], canonicalize=(b"relaxed", b"relaxed"), length=length,
    )  # fmt: skip
    return field + raw
