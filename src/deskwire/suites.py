"""Signature suites by name, so that another one (SM2 with SM3) can join without touching anything else.

A suite is chosen by the `alg` of a key, never by what a request claims: a request whose `alg` differs from
its key's is refused. To add a suite, write a class with these members and enter it in SUITES.
"""

import base64
import hashlib
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


class Suite(Protocol):
    """One way of signing: a signature algorithm and the digest of the body that goes with it."""

    alg: str
    digest_name: str

    def digest(self, body: bytes) -> bytes:
        """Digest the bytes of a body."""

    def new_pair(self) -> tuple[bytes, bytes]:
        """Make a new (private, public) pair of raw keys."""

    def public_of(self, private: bytes) -> bytes:
        """Return the raw public key of a raw private one; ValueError for anything else."""

    def sign(self, private: bytes, base: bytes) -> bytes:
        """Sign a signature base."""

    def verify(self, public: bytes, signature: bytes, base: bytes) -> bool:
        """Say whether a signature over a base is good; never raises for bad input."""


class Ed25519Sha256:
    """Ed25519 (RFC 8032) over a SHA-256 Content-Digest (RFC 9530): the suite of version 1.0."""

    alg = "ed25519"
    digest_name = "sha-256"

    def digest(self, body: bytes) -> bytes:
        """SHA-256 of the body."""
        return hashlib.sha256(body).digest()

    def new_pair(self) -> tuple[bytes, bytes]:
        """A new 32-byte private and 32-byte public key."""
        private = Ed25519PrivateKey.generate()
        return private.private_bytes_raw(), private.public_key().public_bytes_raw()

    def public_of(self, private: bytes) -> bytes:
        """The 32-byte public key of a 32-byte private one."""
        return Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()

    def sign(self, private: bytes, base: bytes) -> bytes:
        """A 64-byte Ed25519 signature."""
        return Ed25519PrivateKey.from_private_bytes(private).sign(base)

    def verify(self, public: bytes, signature: bytes, base: bytes) -> bool:
        """Whether the Ed25519 signature is good."""
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(signature, base)
        except (InvalidSignature, ValueError):
            return False
        return True


SUITES: dict[str, Suite] = {suite.alg: suite for suite in (Ed25519Sha256(),)}


def content_digest(suite: Suite, body: bytes) -> str:
    """Write the Content-Digest field (RFC 9530) of a body, such as `sha-256=:…base64…:`."""
    return f"{suite.digest_name}=:{base64.b64encode(suite.digest(body)).decode('ascii')}:"
