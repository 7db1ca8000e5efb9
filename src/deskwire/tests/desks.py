"""Two desks in one process, for tests: each with key, store and receiver, called through a fake network."""

import secrets
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from deskwire.client import DeskClient, Peer
from deskwire.envelope import Envelope, MessageType
from deskwire.keys import Identity, Party, StaticKeyring, new_key
from deskwire.keys.files import public_of
from deskwire.limits import Limits
from deskwire.memory import Apply, MemoryStore
from deskwire.receiver import Receiver, Response
from deskwire.sending import Draft, new_link, write
from deskwire.signing import Request, sign_request

NOW = datetime(2026, 11, 22, 5, 7, tzinfo=UTC)
YOUTH, POLICE = Party("desk-12355", "440100"), Party("desk-110", "440106")
MESSAGES = "/deskwire/v1/messages"


class FrozenClock:
    """A clock that moves only when told to."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += timedelta(**by)


def identity(party: Party) -> Identity:
    return Identity(party, new_key(party.desk, NOW))


@dataclass
class Desk:
    """One desk under test."""

    me: Identity
    keyring: StaticKeyring = field(default_factory=StaticKeyring)
    clock: FrozenClock = field(default_factory=FrozenClock)
    on_apply: Apply | None = None
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        self.store = MemoryStore(self.on_apply)
        self.receiver = Receiver(self.store, self.keyring, self.me, self.clock, self.limits)

    def transport(self) -> httpx.MockTransport:
        def answer(request: httpx.Request) -> httpx.Response:
            target = request.url.raw_path.decode()
            got = self.receiver.receive(request.method, target, request.headers, request.content)
            return httpx.Response(got.status, headers=got.headers, content=got.body)

        return httpx.MockTransport(answer)

    def applied(self) -> list[tuple[int, str]]:
        return [(m.seq, str(m.type)) for m in self.store.content.applied]


@dataclass
class Pair:
    """12355 and 110, who know each other's keys."""

    youth: Desk
    police: Desk
    clock: FrozenClock

    def client(self, transport: httpx.BaseTransport | None = None) -> DeskClient:
        peer = Peer("desk-110", "https://desk-110.test")
        wire = transport or self.police.transport()
        return DeskClient(peer, self.youth.me, self.youth.keyring, self.clock, transport=wire)

    def call(self, method: str, target: str, body: bytes = b"", **changes: Any) -> Response:
        """Call 110 as 12355; `changes`: `to`, `at`, `me`, `nonce`, or header fields changed after signing."""
        headers = self.signed(method, target, body, changes)
        return self.police.receiver.receive(method, target, headers, changes.pop("sent_body", body))

    def signed(self, method: str, target: str, body: bytes, changes: dict[str, Any]) -> dict[str, str]:
        me, to = changes.pop("me", self.youth.me), changes.pop("to", "desk-110")
        at, nonce = changes.pop("at", self.clock()), changes.pop("nonce", secrets.token_hex(8))
        headers = sign_request(Request(method, target, body), me, to, at, nonce)
        headers |= {"content-type": "application/json"}
        return headers | {k.replace("_", "-"): v for k, v in changes.items() if k != "sent_body"}

    def post(self, message: Envelope, **changes: Any) -> Response:
        return self.call("POST", MESSAGES, message.to_bytes(), **changes)


def make_pair(on_apply: Apply | None = None, limits: Limits | None = None) -> Pair:
    clock = FrozenClock()
    youth = Desk(identity(YOUTH), clock=clock)
    police = Desk(identity(POLICE), clock=clock, on_apply=on_apply, limits=limits or Limits())
    youth.keyring.add(public_of(police.me.key))
    police.keyring.add(public_of(youth.me.key))
    return Pair(youth, police, clock)


def handoff_body(**changes: Any) -> dict[str, Any]:
    return {
        "listItem": {
            "direction": "12355-to-110",
            "no": 1,
            "listVersion": "gd-2024-25",
            "urgency": "CRITICAL",
            "linkMode": "ONE_CLICK_HANDOFF",
        },
        "workOrderNo": "GD20261122-0007",
        "summary": "来电人称今晚要从天台跳下",
        "disclosureBasis": {"code": "LIFE_AT_STAKE"},
        "retainUntil": "2027-11-22",
        **changes,
    }


def handoff_draft(**changes: Any) -> Draft:
    return Draft(MessageType.HANDOFF, handoff_body(**changes), reply_by=NOW + timedelta(seconds=60))


def note_draft(text: str = "补充：在北塔") -> Draft:
    return Draft(MessageType.NOTE, {"text": text})


def conversation(*drafts: Draft, sender: Party = YOUTH, peer: Party = POLICE) -> list[Envelope]:
    """Write the messages of one link, in order."""
    link, written = new_link(peer, str(uuid.uuid4())), []
    for draft in drafts:
        message, link = write(link, draft, sender, NOW)
        written.append(message)
    return written
