"""A 110 desk in the test's own process, over a network that can be cut: deskwire's receiver with a memory store."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from deskwire.client import DeskClient, Peer
from deskwire.envelope import Envelope, MessageType
from deskwire.keys import Identity, Party, StaticKeyring, new_key
from deskwire.keys.files import public_of
from deskwire.memory import MemoryStore
from deskwire.receiver import Receiver
from deskwire.sending import Draft, new_link, write
from qingting.linkage import services, wire

POLICE = Party("desk-110", "440106")


@dataclass
class PoliceDesk:
    """What 110 has heard is in `heard`; what it says it writes with `says` and sends with `send` (or leaves to be pulled)."""

    me: Identity = field(default_factory=lambda: Identity(POLICE, new_key(POLICE.desk, datetime.now(UTC))))
    cut: bool = False
    calls: int = 0

    def __post_init__(self) -> None:
        self.keyring = StaticKeyring([public_of(wire.identity().key)])
        self.store = MemoryStore()
        self.receiver = Receiver(self.store, self.keyring, self.me)
        transport = httpx.MockTransport(self._platform_answers)
        self.to_platform = DeskClient(
            Peer(wire.identity().desk, "http://platform"), self.me, self.keyring, transport=transport
        )

    @property
    def heard(self) -> list[Envelope]:
        return self.store.content.applied

    def public_entry(self) -> dict[str, str]:
        import base64

        key = self.me.key
        return {
            "keyId": key.key_id,
            "alg": key.alg,
            "publicKey": base64.b64encode(key.public).decode(),
        }

    def transport(self) -> httpx.MockTransport:
        """The platform's way to this desk."""

        def answer(request: httpx.Request) -> httpx.Response:
            self.calls += 1
            if self.cut:
                raise httpx.ConnectError("cut")
            target = request.url.raw_path.decode()
            got = self.receiver.receive(request.method, target, request.headers, request.content)
            return httpx.Response(got.status, headers=got.headers, content=got.body)

        return httpx.MockTransport(answer)

    def _platform_answers(self, request: httpx.Request) -> httpx.Response:
        got = services.answer(
            method=request.method,
            target=request.url.raw_path.decode(),
            headers=request.headers,
            body=request.content,
            at=datetime.now(UTC),
        )
        return httpx.Response(got.status, headers=got.headers, content=got.body)

    def writes(self, link_id: str, type_: str, body: dict[str, Any], **more: Any) -> Envelope:
        """Write the next message on a link, keep it for the platform to pull, and return it."""
        content = self.store.content
        draft = Draft(MessageType(type_), body, **more)
        link = content.find_link(link_id) or new_link(wire.own_party(), link_id)
        message, after = write(link, draft, POLICE, datetime.now(UTC))
        content.save_link(after)
        content.sent.append(message)
        return message

    def says(self, link_id: str, type_: str, body: dict[str, Any], **more: Any) -> Any:
        """Write and send at once; returns the receipt."""
        return self.to_platform.send(self.writes(link_id, type_, body, **more))

    def acknowledges(self, link_id: str, number: str = "4401062026030400017") -> Any:
        handoff = next(m for m in self.heard if m.link_id == link_id)
        body = {"operator": "110001", "incidentNo": number}
        return self.says(link_id, "acknowledgement", body, in_reply_to=handoff.message_id)

    def progresses(self, link_id: str, stage: str = "DISPATCHED", text: str = "已派警力前往") -> Any:
        return self.says(link_id, "progress", {"stage": stage, "at": _now(), "operator": "110001", "text": text})

    def results(self, link_id: str, *, reached: bool | None, outcome: str = "PERSON_SAFE") -> Any:
        body = {
            "status": "completed",
            "outcome": outcome,
            "officersReachedPerson": reached,
            "at": _now(),
            "operator": "110001",
            "text": "已见到本人，情绪平稳",
        }
        return self.says(link_id, "result", body)

    def hands_off(self, number: int = 2, urgency: str = "URGENT", **more: Any) -> Envelope:
        """Write an incident for 12355; the test sends it."""
        body = {
            "listItem": {
                "direction": "110-to-12355",
                "no": number,
                "listVersion": "gd-2024-25",
                "urgency": urgency,
                "linkMode": "THREE_WAY_CALL" if number == 1 else "INCIDENT_ORDER",
            },
            "incidentNo": "4401062026030400088",
            "summary": "出警后已劝下，需要后续心理干预",
            "disclosureBasis": {"code": "LIFE_AT_STAKE"},
            "retainUntil": "2027-03-04",
            "persons": [{"role": "HELP_SEEKER", "under14": False, "gender": "FEMALE", "phone": "13800138000"}],
        }
        link = new_link(wire.own_party())
        draft = Draft(MessageType.HANDOFF, body, reply_by=datetime.now(UTC) + timedelta(minutes=5), **more)
        message, after = write(link, draft, POLICE, datetime.now(UTC))
        self.store.content.save_link(after)
        self.store.content.sent.append(message)
        return message


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
