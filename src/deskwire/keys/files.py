"""Key files: JSON with base64 keys, written at once or not at all, readable by their owner only."""

import base64
import json
import os
import secrets
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from deskwire.keys.model import PrivateKey, PublicKey
from deskwire.moments import from_wire, to_wire
from deskwire.suites import SUITES


def new_key(desk: str, at: datetime, alg: str = "ed25519") -> PrivateKey:
    """Make a key for a desk; its id carries the day it was made, so that people can tell two apart."""
    private, public = SUITES[alg].new_pair()
    return PrivateKey(desk, f"{desk}-{at:%Y%m%d}-{secrets.token_hex(3)}", alg, private, public)


def write_pair(key: PrivateKey, directory: Path, at: datetime) -> tuple[Path, Path]:
    """Write `<desk>.key.json` and `<desk>.pub.json` into a directory and return both paths."""
    private_path = directory / f"{key.desk}.key.json"
    _write(private_path, _private_to_json(key))
    public_path = directory / f"{key.desk}.pub.json"
    write_public_set(public_path, key.desk, [public_of(key, at)])
    return private_path, public_path


def write_public_set(path: Path, desk: str, keys: Iterable[PublicKey]) -> None:
    """Write the published set of a desk's public keys."""
    _write(path, {"desk": desk, "keys": [_public_to_json(key) for key in keys]})


def load_private(path: Path) -> PrivateKey:
    """Read a private key file; a file that is not one raises ValueError."""
    data = _read(path)
    try:
        private = base64.b64decode(data["privateKey"], validate=True)
        alg = str(data["alg"])
        public = SUITES[alg].public_of(private)
        return PrivateKey(str(data["desk"]), str(data["keyId"]), alg, private, public)
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path.name} is not a private key file") from error


def load_public_set(path: Path) -> list[PublicKey]:
    """Read the public keys that a desk published; a file that is not one raises ValueError."""
    data = _read(path)
    try:
        return [_public_from_json(str(data["desk"]), entry) for entry in data["keys"]]
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path.name} is not a public key file") from error


def rotate(directory: Path, desk: str, at: datetime, overlap: timedelta) -> PrivateKey:
    """Change a desk's key: the old one stays good for the overlap, the new one is good from now on.

    The pair is found by the desk that it names, whatever its files are called. FileNotFoundError where there
    is none.
    """
    private_path, public_path = pair_of(directory, desk)
    old = [key for key in load_public_set(public_path) if key.desk == desk]
    key = new_key(desk, at, load_private(private_path).alg)
    kept = [replace(k, not_after=min(k.not_after or at + overlap, at + overlap)) for k in old]
    good = [k for k in kept if k.good_at(at)]
    write_public_set(public_path, desk, [*good, public_of(key, at)])
    _write(private_path, _private_to_json(key))
    return key


def pair_of(directory: Path, desk: str) -> tuple[Path, Path]:
    """Find a desk's private and public file in a directory: `<desk>.key.json`, or another name with this desk in it."""
    usual = directory / f"{desk}.key.json"
    candidates = [usual] if usual.exists() else sorted(directory.glob("*.key.json"))
    for private in candidates:
        public = private.with_name(private.name.removesuffix(".key.json") + ".pub.json")
        if public.exists() and _read(private).get("desk") == desk:
            return private, public
    raise FileNotFoundError(f"there is no key pair of {desk} in {directory}")


def public_of(key: PrivateKey, not_before: datetime | None = None) -> PublicKey:
    """Return the public half of a key."""
    return PublicKey(key.desk, key.key_id, key.alg, key.public, not_before)


def _private_to_json(key: PrivateKey) -> dict[str, str]:
    return {"desk": key.desk, "keyId": key.key_id, "alg": key.alg, "privateKey": _b64(key.private)}


def _public_to_json(key: PublicKey) -> dict[str, Any]:
    entry: dict[str, Any] = {"keyId": key.key_id, "alg": key.alg, "publicKey": _b64(key.public)}
    if key.not_before:
        entry["notBefore"] = to_wire(key.not_before)
    if key.not_after:
        entry["notAfter"] = to_wire(key.not_after)
    return entry


def _public_from_json(desk: str, entry: dict[str, Any]) -> PublicKey:
    starts, ends = entry.get("notBefore"), entry.get("notAfter")
    return PublicKey(
        desk=desk,
        key_id=str(entry["keyId"]),
        alg=str(entry["alg"]),
        public=base64.b64decode(entry["publicKey"], validate=True),
        not_before=from_wire(starts) if starts else None,
        not_after=from_wire(ends) if ends else None,
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text("utf-8"))
    except json.JSONDecodeError as error:
        raise ValueError(f"{path.name} is not JSON") from error
    if not isinstance(data, dict):
        raise ValueError(f"{path.name} is not a key file")
    return data


def _write(path: Path, data: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(data, file, ensure_ascii=False, indent=2)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")
