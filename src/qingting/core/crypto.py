"""Field encryption and blind indexes. Keys live outside the database, in a file only the platform's account can read.

An envelope is `format (1 byte) · key version (2 bytes) · nonce (12 bytes) · ciphertext with tag`, AES-256-GCM, with
`table.column` as associated data, so that a value copied into another column does not open.
"""

import base64
import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_FORMAT = 1
_NONCE_BYTES = 12
BLIND_INDEX_BYTES = 16


@dataclass(frozen=True, slots=True)
class Keyring:
    """current: the version new values are sealed with; keys: 32-byte keys by version; index_key: for blind indexes."""

    current: int
    keys: dict[int, bytes]
    index_key: bytes


def _read(path: Path) -> Keyring:
    raw = json.loads(path.read_text("ascii"))
    keys = {int(version): base64.b64decode(key) for version, key in raw["keys"].items()}
    return Keyring(int(raw["current"]), keys, base64.b64decode(raw["index_key"]))


def _write(path: Path, keyring: Keyring) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    keys = {str(version): base64.b64encode(key).decode() for version, key in keyring.keys.items()}
    body = {
        "current": keyring.current,
        "keys": keys,
        "index_key": base64.b64encode(keyring.index_key).decode(),
    }
    fresh = path.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(body), "ascii")
    fresh.replace(path)


def keyring_path() -> Path:
    return _keyring_in(str(settings.VAR))


@lru_cache(maxsize=4)
def _keyring_in(folder: str) -> Path:
    """Put together once for each folder: every sealed value and every word of an index asks for it."""
    return Path(folder) / "keys" / "vault.json"


def keyring() -> Keyring:
    """The installation's keys; made on first use where there are none yet. A file that was changed is read again, so
    that a key added by another process is used from the next value on."""
    path = keyring_path()
    try:
        changed = path.stat().st_mtime_ns
    except FileNotFoundError:
        _write(path, Keyring(1, {1: secrets.token_bytes(32)}, secrets.token_bytes(32)))
        changed = path.stat().st_mtime_ns
    return _read_version(path, changed)


@lru_cache(maxsize=2)
def _read_version(path: Path, changed: int) -> Keyring:
    return _read(path)


def add_key() -> int:
    """Add a key and make it current; old values stay readable until they are sealed anew. Returns its version."""
    ring = keyring()
    version = max(ring.keys) + 1
    _write(keyring_path(), Keyring(version, {**ring.keys, version: secrets.token_bytes(32)}, ring.index_key))
    return version


def seal(plain: str, *, field: str) -> bytes:
    """Encrypt a value for `field` (`table.column`)."""
    ring, nonce = keyring(), os.urandom(_NONCE_BYTES)
    head = bytes([_FORMAT]) + ring.current.to_bytes(2, "big")
    return head + nonce + AESGCM(ring.keys[ring.current]).encrypt(nonce, plain.encode(), field.encode())


def unseal(envelope: bytes, *, field: str) -> str:
    """Decrypt a value. Raises ValueError for an unknown format or key, or where the value or its place was changed."""
    envelope = bytes(envelope)
    key = _key_of(envelope)
    nonce, body = envelope[3 : 3 + _NONCE_BYTES], envelope[3 + _NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, body, field.encode()).decode()
    except InvalidTag as error:
        raise ValueError("the sealed value was changed or moved") from error


def _key_of(envelope: bytes) -> bytes:
    if not envelope or envelope[0] != _FORMAT:
        raise ValueError("unknown envelope format")
    version = key_version(envelope)
    ring = keyring()
    if version not in ring.keys:
        raise ValueError(f"no key of version {version}")
    return ring.keys[version]


def key_version(envelope: bytes) -> int:
    """The version of the key an envelope was sealed with."""
    return int.from_bytes(bytes(envelope)[1:3], "big")


def blind_index(value: str, *, field: str) -> bytes:
    """A keyed digest that finds equal values without telling them: HMAC-SHA256 over the field and value, 16 bytes."""
    digest = hmac.new(keyring().index_key, f"{field}\0{value}".encode(), hashlib.sha256).digest()
    return digest[:BLIND_INDEX_BYTES]
