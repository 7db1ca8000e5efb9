"""Who we are on the wire, whose keys we believe, and the connections to other desks. One identity for the installation."""

import base64
import logging
import os
import tempfile
from contextlib import suppress
from datetime import datetime
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import transaction

from deskwire.client import DeskClient, Peer
from deskwire.keys import (
    FileKeyring,
    Identity,
    Party,
    PublicKey,
    load_private,
    load_public_set,
    new_key,
    write_pair,
    write_public_set,
)
from deskwire.keys.files import public_of
from deskwire.moments import from_wire
from deskwire.schema import faults
from deskwire.suites import SUITES
from qingting.core import time
from qingting.core.scope import EVERYTHING, acting
from qingting.linkage.models import Desk

OWN = "12355"
logging.getLogger("httpx").setLevel(logging.WARNING)  # one line a heartbeat says nothing


def _folder() -> Path:
    return Path(settings.VAR) / "keys"


def private_key_path() -> Path:
    """Where the installation's private key lies, readable by its owner only."""
    return _folder() / f"{OWN}.key.json"


def public_keys_path() -> Path:
    """The published key set: what the other desk gets."""
    return _folder() / f"{OWN}.pub.json"


def ensure_own_key(*, at: datetime) -> Path:
    """Make the key pair where there is none; of several processes that try at once, one wins. Returns the public file."""
    if not private_key_path().exists():
        _folder().mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=_folder()) as draft:
            private, _ = write_pair(new_key(settings.DESK_ID, at), Path(draft), at)
            with suppress(FileExistsError):  # another process was faster; its key is the one
                os.link(private, private_key_path())
    if not _published():
        write_public_set(public_keys_path(), settings.DESK_ID, [public_of(load_private(private_key_path()))])
    return public_keys_path()


def _published() -> bool:
    """Whether our key is published under the id that we answer to now (a test installation may change its id)."""
    with suppress(OSError, ValueError):
        return any(key.desk == settings.DESK_ID for key in load_public_set(public_keys_path()))
    return False


def own_party() -> Party:
    """Our desk id, and the GB/T 2260 code of the division it serves."""
    return Party(settings.DESK_ID, settings.DESK_REGION)


@cache
def identity() -> Identity:
    """Our party with the key we sign with; made on first use."""
    ensure_own_key(at=time.now())
    return Identity(own_party(), load_private(private_key_path()))


@cache
def _followed(path: str) -> FileKeyring:
    return FileKeyring(Path(path))


def _desk(code: str) -> Desk | None:
    with acting(EVERYTHING), transaction.atomic():
        return Desk.objects.filter(code=code).first()


def _stored_keys(desk: Desk) -> list[PublicKey]:
    return [_stored_key(desk.code, entry) for entry in desk.public_keys]


def _stored_key(code: str, entry: dict[str, str]) -> PublicKey:
    starts, ends = entry.get("notBefore"), entry.get("notAfter")
    return PublicKey(
        desk=code,
        key_id=entry["keyId"],
        alg=entry["alg"],
        public=base64.b64decode(entry["publicKey"], validate=True),
        not_before=from_wire(starts) if starts else None,
        not_after=from_wire(ends) if ends else None,
    )


class DeskKeyring:
    """The keys of registered desks: those stored with the desk, and those of the file it follows."""

    def knows(self, desk: str) -> bool:
        """Whether the desk is registered and any key of it is known."""
        row = _desk(desk)
        return row is not None and bool(row.public_keys or (row.key_file and _followed(row.key_file).knows(desk)))

    def find(self, desk: str, key_id: str) -> PublicKey | None:
        """One key of one desk; a key withdrawn from the table or the file is gone at once."""
        row = _desk(desk)
        if row is None:
            return None
        stored = next((key for key in _stored_keys(row) if key.key_id == key_id), None)
        if stored is None and row.key_file:
            return _followed(row.key_file).find(desk, key_id)
        return stored if stored and stored.alg in SUITES else None


@cache
def _client(code: str, url: str) -> DeskClient:
    return DeskClient(Peer(code, url), identity(), DeskKeyring())


def client_of(desk: Desk) -> DeskClient:
    """The connection to a desk, kept open between calls. Safe to use from several threads."""
    return _client(desk.code, desk.url)


def warm_up() -> None:
    """What the first handoff after a start would otherwise wait for: the schemas, our key, and a connection to each desk."""
    faults({})
    with acting(EVERYTHING), transaction.atomic():
        desks = list(Desk.objects.all())
    for desk in desks:
        client_of(desk)


def forget() -> None:
    """Read key and connections anew: after a change of keys, and between tests."""
    identity.cache_clear()
    _client.cache_clear()
    _followed.cache_clear()
