"""Thousands of calls without a voice: an INVITE each, and no more than its answer needs."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from qingting.simulation.telephones import sip
from qingting.simulation.telephones.sip import Message

Address = tuple[str, int]


@dataclass
class Flood(asyncio.DatagramProtocol):
    """answers: how many INVITEs were answered how."""

    far: Address
    answers: Counter[int] = field(default_factory=Counter)
    sent: int = 0

    async def begin(self) -> "Flood":
        loop = asyncio.get_running_loop()
        self._wire, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=("127.0.0.1", 0))
        self._port = self._wire.get_extra_info("sockname")[1]
        return self

    async def rage(self, calls: int, *, a_second: float, number: Callable[[], str]) -> float:
        """So many calls at this pace; returns how many seconds it took."""
        began = time.monotonic()
        for n in range(calls):
            self._invite(number())
            if (ahead := began + (n + 1) / a_second - time.monotonic()) > 0.01:
                await asyncio.sleep(ahead)
        return time.monotonic() - began

    def end(self) -> None:
        self._wire.close()

    def _invite(self, number: str) -> None:
        self.sent += 1
        name = f"{random.getrandbits(64):x}"
        own = f"127.0.0.1:{self._port}"
        body = sip.offer("127.0.0.1", 9)
        headers = [
            ("via", f"SIP/2.0/UDP {own};branch=z9hG4bK{name};rport"), ("max-forwards", "70"),
            ("from", f"<sip:{number}@{own}>;tag={name}"), ("to", "<sip:12355@line>"), ("call-id", name),
            ("cseq", "1 INVITE"), ("contact", f"<sip:{number}@{own}>"), ("content-type", "application/sdp"),
        ]  # fmt: skip
        self._send(Message("INVITE sip:12355@line SIP/2.0", headers, body))

    def _send(self, message: Message) -> None:
        self._wire.sendto(message.written(), self.far)

    def datagram_received(self, data: bytes, address: Address) -> None:
        """Whoever is let in hangs up at once; a refusal is acknowledged."""
        answer = sip.read(data)
        if answer is None or answer.method != "INVITE" or answer.status < 200:
            return
        self.answers[answer.status] += 1
        kept = [(name, answer.get(name)) for name in ("from", "to", "call-id")]
        via = answer.get("via") if answer.status >= 300 else answer.get("via") + "a"
        for method, sequence in (("ACK", 1), *((("BYE", 2),) if answer.status < 300 else ())):
            headers = [("via", via.replace("z9hG4bK", f"z9hG4bK{method if answer.status < 300 else ''}")), *kept]
            headers += [("max-forwards", "70"), ("cseq", f"{sequence} {method}")]
            self._send(Message(f"{method} sip:12355@line SIP/2.0", headers))
