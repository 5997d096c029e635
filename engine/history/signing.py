"""The key that signs the audit bundles: Ed25519 (RFC 8032), a seed of 32 bytes written as 64 hexadecimal digits."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from engine.actor import SYSTEM
from engine.history.events import ORGANISATION, append
from engine.history.verifier import fingerprint
from engine.store.database import Tx
from engine.store.queries import settings

PURPOSE = b"arshjul audit bundle 2"
SETTING = "signing_key"


@dataclass(frozen=True)
class SigningKey:
    """`public` is the public key in hexadecimal, `id` its fingerprint: what auditors hold. The seed is never shown."""

    seed: str

    def __post_init__(self) -> None:
        if len(bytes.fromhex(self.seed)) != 32:
            raise ValueError("a seed is 32 bytes")

    def __repr__(self) -> str:
        return f"SigningKey({self.id})"

    @property
    def public(self) -> str:
        return self._private().public_key().public_bytes_raw().hex()

    @property
    def id(self) -> str:
        return fingerprint(self.public)

    def sign(self, message: bytes) -> str:
        """The signature, in hexadecimal."""
        return self._private().sign(message).hex()

    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(self.seed))


def derived(secret: str) -> SigningKey:
    """A key from another secret, for demos and tests: who knows the one has the other."""
    return SigningKey(hmac.new(secret.encode(), PURPOSE, sha256).hexdigest())


def note(tx: Tx, key: SigningKey, now: datetime) -> None:
    """Tell in the history which key signs from now on, when it is another than before; `now` is process time."""
    before = settings.read(tx, SETTING)
    if before != key.id:
        settings.write(tx, SETTING, key.id)
        body = {"old": before, "new": key.id}
        append(tx, type="signing_key_changed", chain=ORGANISATION, occurred_at=now, by=SYSTEM, body=body)
