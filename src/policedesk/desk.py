"""The desk put together: database, keys, receiver, line, services. Pages and loops are started by others."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from deskwire.client import DeskClient, Peer
from deskwire.keys import FileKeyring, Identity, PrivateKey, load_private, new_key, write_public_set
from deskwire.keys.files import load_public_set, public_of, write_pair
from deskwire.moments import Clock, utc_now
from deskwire.receiver import Receiver
from policedesk.database import Database
from policedesk.intake import Intake
from policedesk.line import Line
from policedesk.operators import Operators
from policedesk.services import Desk
from policedesk.settings import Settings
from policedesk.store import DeskStore


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything a running desk is made of."""

    settings: Settings
    clock: Clock
    database: Database
    receiver: Receiver
    client: DeskClient
    line: Line
    desk: Desk
    operators: Operators


def assemble(settings: Settings, clock: Clock = utc_now) -> Parts:
    """Put a desk together; makes its key and its database when they are missing."""
    database = Database(settings.data)
    me = own_identity(settings, clock())
    keyring = FileKeyring(settings.peer_key)
    store = DeskStore(database, Intake(settings.me, settings.auto_acknowledge), clock)
    receiver = Receiver(store, keyring, me, clock)
    client = DeskClient(Peer(settings.peer.desk, settings.peer_url), me, keyring, clock)
    return Parts(
        settings=settings,
        clock=clock,
        database=database,
        receiver=receiver,
        client=client,
        line=Line(store, client, receiver, settings.peer.desk, clock),
        desk=Desk(store, settings.me, settings.peer, clock),
        operators=Operators(database, clock),
    )


def own_identity(settings: Settings, at: datetime) -> Identity:
    """Load this desk's key, or make it at the first start; publish its public half in the data directory."""
    desk = settings.me.desk
    private = settings.keys / f"{desk}.key.json"
    if not private.exists():
        write_pair(new_key(desk, at), settings.keys, at)
    key = load_private(private)
    _publish(key, settings.keys / f"{desk}.pub.json", settings.data / f"{desk}.pub.json", at)
    return Identity(settings.me, key)


def _publish(key: PrivateKey, source: Path, goal: Path, at: datetime) -> None:
    # The public half may be missing after a kill between the two files; it follows from the private one.
    if not source.exists():
        write_public_set(source, key.desk, [public_of(key, at)])
    if source.resolve() != goal.resolve():
        write_public_set(goal, key.desk, load_public_set(source))
