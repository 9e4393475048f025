"""A security key in software, for tests that need no browser: ES256, no attestation (Web Authentication, level 3)."""

import hashlib
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

_PRESENT, _VERIFIED, _WITH_KEY = 0x01, 0x04, 0x40


class Authenticator:
    """One key pair; answers as the script of our pages would write it down."""

    def __init__(self, origin: str = "", rp_id: str = "") -> None:
        self.origin = origin or settings.SITE_URL
        self.rp_id = rp_id or settings.OTP_WEBAUTHN_RP_ID
        self.id = secrets.token_bytes(16)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.uses = 0

    def create(self, options: dict[str, Any]) -> dict[str, Any]:
        """Answer the options for a new passkey."""
        client = self._client("webauthn.create", options)
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + self._public()
        statement = {"fmt": "none", "attStmt": {}, "authData": self._data(_WITH_KEY) + attested}
        return self._answer(attestationObject=cbor2.dumps(statement), clientDataJSON=client)

    def get(self, options: dict[str, Any]) -> dict[str, Any]:
        """Answer the options for the use of a passkey, whether or not they name this one."""
        client, self.uses = self._client("webauthn.get", options), self.uses + 1
        data = self._data(0)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(authenticatorData=data, signature=signature, clientDataJSON=client)

    def _client(self, kind: str, options: dict[str, Any]) -> bytes:
        told = {"type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": False}
        return json.dumps(told).encode()

    def _data(self, flags: int) -> bytes:
        marks = bytes([_PRESENT | _VERIFIED | flags])
        return hashlib.sha256(self.rp_id.encode()).digest() + marks + self.uses.to_bytes(4, "big")

    def _public(self) -> bytes:
        point = self.key.public_key().public_numbers()
        encoded: bytes = cbor2.dumps(
            {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        )
        return encoded

    def _answer(self, **response: bytes) -> dict[str, Any]:
        parts = {name: text(value) for name, value in response.items()}
        return {"id": text(self.id), "rawId": text(self.id), "type": "public-key", "clientExtensionResults": {},
                "response": parts}  # fmt: skip


def text(value: bytes) -> str:
    """Return bytes as base64url without padding."""
    return urlsafe_b64encode(value).decode().rstrip("=")


def raw(value: str) -> bytes:
    """Return the bytes of base64url without padding."""
    return urlsafe_b64decode(value + "=" * (-len(value) % 4))
