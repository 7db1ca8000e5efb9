"""A telephone on UDP: it calls, rings, answers, declines, holds, presses keys, hangs up, or vanishes."""

import asyncio
import random
import time
import uuid
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field

from qingting.simulation.telephones import sip
from qingting.simulation.telephones.sip import Message
from qingting.simulation.telephones.voice import PCMA, Codec, Speaking, Voice

AGAIN_AFTER = (0.5, 1.0, 2.0, 4.0)  # seconds; an INVITE that nobody answers is sent again
Address = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Manner:
    """How a telephone speaks SIP where it is not like most. codec: the only one it knows; late_offer: the voice is described
    in the ACK only; sender: the whole From but its tag, `{number}` stands for the number; more: further headers of the
    INVITE; keys_by_info: keys are sent as SIP INFO instead of in the voice."""

    codec: Codec = PCMA
    late_offer: bool = False
    sender: str = "<sip:{number}@{host}>"
    more: tuple[tuple[str, str], ...] = ()
    keys_by_info: bool = False


PLAIN = Manner()


@dataclass(eq=False)
class Talk:
    """One call at one telephone. Events: ringing, answered, ended; `status`: how the INVITE was answered; `answers`: how the
    latest request of each method was."""

    phone: "Phone"
    call_id: str
    voice: Voice
    far: Address
    outgoing: bool
    local: str = ""
    remote: str = ""
    target: str = ""
    invite: Message | None = None
    status: int = 0
    answers: dict[str, int] = field(default_factory=dict)
    asked_at: float = 0.0
    answered_at: float = 0.0
    ringing: asyncio.Event = field(default_factory=asyncio.Event)
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    _sequence: int = 1
    _branch: str = ""
    _tag: str = field(default_factory=lambda: uuid.uuid4().hex[:10])

    @property
    def answer_seconds(self) -> float:
        """From the INVITE to its answer."""
        return self.answered_at - self.asked_at

    def header(self, name: str) -> str:
        """Of the INVITE that came in."""
        return self.invite.get(name) if self.invite else ""

    def press(self, keys: str) -> None:
        if not self.phone.manner.keys_by_info:
            self.voice.press(keys)
            return
        for key in keys:
            self._sequence += 1
            self._request("INFO", f"Signal={key}\r\nDuration=160\r\n", kind="application/dtmf-relay")

    def answer(self) -> None:
        """Pick up."""
        if self.invite is None or self.answered.is_set() or self.ended.is_set():
            return
        self._reply(self.invite, 200, self._voice())
        self._listen_to(self.invite.body)
        self.answered_at = time.monotonic()
        self.answered.set()

    def decline(self, status: int = 603) -> None:
        """Refuse: 486 is busy, 603 declined."""
        if self.invite is not None:
            self._reply(self.invite, status)
        self._over()

    def hold(self, *, on: bool) -> None:
        """Ask the other side for silence, or back."""
        direction = "sendonly" if on else "sendrecv"
        self._sequence += 1
        self._request("INVITE", self._voice(direction))

    def send_away(self, number: str) -> None:
        """Ask that whoever talks with us is sent to another number (REFER); `answers` tells what comes of it."""
        self._sequence += 1
        self._request("REFER", more=[("refer-to", f"<sip:{number}@{self.far[0]}>")])

    def hang_up(self) -> None:
        """Say goodbye; before the answer, give up."""
        if self.ended.is_set():
            return
        if self.outgoing and not self.answered.is_set():
            self._request("CANCEL", branch=self._branch)
        else:
            self._sequence += 1
            self._request("BYE")
        self._over()

    def vanish(self) -> None:
        """Power cut: nothing is said any more."""
        self._over()

    def begin(self, number: str, caller: str) -> None:
        """Send the INVITE, again until something answers."""
        self.target = f"sip:{number}@{self.far[0]}:{self.far[1]}"
        sender = self.phone.manner.sender.format(number=caller, host=f"{self.phone.host}:{self.phone.port}")
        self.local = f"{sender};tag={self._tag}"
        self.remote = f"<{self.target}>"
        self._branch = _branch()
        self.asked_at = time.monotonic()
        self.phone.spawn(self._invite_until_heard())

    async def _invite_until_heard(self) -> None:
        for pause in AGAIN_AFTER:
            self._request("INVITE", "" if self.phone.manner.late_offer else self._voice(), branch=self._branch)
            await asyncio.sleep(pause)
            if self.status or self.ended.is_set():
                return

    def arrive(self, invite: Message) -> None:
        """Somebody calls us."""
        self.invite, self.local, self.remote = invite, f"{invite.get('to')};tag={self._tag}", invite.get("from")
        self.target = sip.address_in(invite.get("contact"))
        self._reply(invite, 180)
        self.ringing.set()

    def hear(self, message: Message) -> None:
        """What the other side sends within this call."""
        if message.status:
            self.answers[message.method] = message.status
            if message.method == "INVITE":
                self._invite_answered(message)
        elif message.method == "BYE":
            self._reply(message, 200)
            self._over()
        elif message.method == "CANCEL":
            self._reply(message, 200)
            if self.invite is not None and not self.answered.is_set():
                self._reply(self.invite, 487)
            self._over()
        elif message.method == "INVITE":
            self._listen_to(message.body)
            self._reply(message, 200, self._voice())
        elif message.method != "ACK":
            self._reply(message, 200)

    def _invite_answered(self, message: Message) -> None:
        self.status = message.status
        if message.status == 180:
            self.ringing.set()
        if message.body and message.status < 300 and not self.ended.is_set():
            self._listen_to(message.body)
        if message.status < 200:
            return
        self.remote = message.get("to")
        if message.status < 300:
            self.target = sip.address_in(message.get("contact")) or self.target
            self._request("ACK", self._voice() if self.phone.manner.late_offer else "")
            if self.ended.is_set():  # it was answered while we gave up: the CANCEL came too late, so say goodbye
                self._sequence += 1
                self._request("BYE")
            elif not self.answered.is_set():
                self.answered_at = time.monotonic()
                self.answered.set()
        else:
            self._request("ACK", branch=self._branch)
            self._over()

    def _listen_to(self, body: str) -> None:
        far = sip.voice_address(body)
        if far is not None:
            self.voice.far = far
            self.phone.speaking.add(self.voice)

    def _reply(self, request: Message, status: int, body: str = "") -> None:
        contact = self.phone.contact if status in (180, 200) else ""
        self.phone.send(sip.answer(request, status, tag=self._tag, contact=contact, body=body), self.far)

    def _voice(self, direction: str = "sendrecv") -> str:
        known = (self.voice.codec.kind, self.voice.codec.written)
        return sip.offer(self.phone.host, self.voice.port, direction=direction, codec=known)

    def _request(
        self,
        method: str,
        body: str = "",
        *,
        branch: str = "",
        kind: str = "application/sdp",
        more: Sequence[tuple[str, str]] = (),
    ) -> None:
        own = f"SIP/2.0/UDP {self.phone.host}:{self.phone.port};branch={branch or _branch()};rport"
        headers = [
            ("via", own), ("max-forwards", "70"), ("from", self.local), ("to", self.remote), ("call-id", self.call_id),
            ("cseq", f"{self._sequence} {method}"), ("contact", self.phone.contact),
        ]  # fmt: skip
        if method == "INVITE":
            headers += self.phone.manner.more
        headers += more
        if body:
            headers.append(("content-type", kind))
        self.phone.send(Message(f"{method} {self.target} SIP/2.0", headers, body), self.far)

    def _over(self) -> None:
        if not self.ended.is_set():
            self.ended.set()
            self.phone.speaking.remove(self.voice)
            self.voice.close()


class Phone(asyncio.DatagramProtocol):
    """A telephone with a tone of its own. `on_ring` decides what happens to calls that come in; by default it answers."""

    host = "127.0.0.1"

    def __init__(self, tone: float = 440.0, *, port: int = 0, listens: bool = True, manner: Manner = PLAIN) -> None:
        self.tone, self.port, self.listens, self.manner = tone, port, listens, manner
        self.speaking = Speaking()
        self.talks: dict[str, Talk] = {}
        self.rang: asyncio.Queue[Talk] = asyncio.Queue()
        self.on_ring: Callable[[Talk], None] = Talk.answer
        self._tasks: set[asyncio.Task[None]] = set()
        self._transport: asyncio.DatagramTransport | None = None

    @property
    def contact(self) -> str:
        return f"<sip:phone@{self.host}:{self.port}>"

    async def plug_in(self) -> "Phone":
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=(self.host, self.port))
        self._transport = transport
        self.port = transport.get_extra_info("sockname")[1]
        return self

    def unplug(self) -> None:
        for talk in list(self.talks.values()):
            talk.hang_up()
        for task in self._tasks:
            task.cancel()
        if self._transport is not None:
            self._transport.close()

    def call(self, number: str, far: Address, *, caller: str = "") -> Talk:
        """Dial; `caller` is the number that the other side sees."""
        talk = Talk(self, uuid.uuid4().hex, self._fresh_voice(), far, outgoing=True)
        self.talks[talk.call_id] = talk
        talk.begin(number, caller or f"138{random.randrange(10**8):08d}")  # noqa: S311  (a played number)
        return talk

    def spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def send(self, message: Message, to: Address) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.sendto(message.written(), to)

    def datagram_received(self, data: bytes, address: Address) -> None:
        message = sip.read(data)
        if message is None:
            return
        talk = self.talks.get(message.get("call-id"))
        if talk is not None:
            if not (message.method == "INVITE" and not message.status and not talk.answered.is_set()):
                talk.hear(message)
        elif message.method == "INVITE" and not message.status:
            self._ring(message, address)
        elif not message.status and message.method != "ACK":
            self.send(sip.answer(message, 200 if message.method == "OPTIONS" else 481, tag="x"), address)

    def _fresh_voice(self) -> Voice:
        return Voice(self.host, self.tone, self.listens, self.manner.codec)

    def _ring(self, invite: Message, address: Address) -> None:
        talk = Talk(self, invite.get("call-id"), self._fresh_voice(), address, outgoing=False)
        self.talks[talk.call_id] = talk
        talk.arrive(invite)
        self.rang.put_nowait(talk)
        self.on_ring(talk)


def _branch() -> str:
    return f"z9hG4bK{uuid.uuid4().hex[:16]}"
