"""Real calls through a real Asterisk: callers, seats with telephones of their own, the 110, and what each of them hears."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

import qingting.telephony
from qingting.simulation.staff import StaffMember
from qingting.simulation.telephones.phone import PLAIN, Manner, Phone, Talk
from qingting.simulation.telephones.voice import A_LAW, LINEAR, LOUD, level
from tests.platform import Platform

PROMPTS = Path(qingting.telephony.__file__).parent / "sounds"
ALIKE = 0.6  # of 1: a prompt that arrives whole gives nearly 1, another one less than 0.3
BEEP = 1000.0  # hertz: the tone before a message
CALLER, SEAT, COLLEAGUE, LEADER, POLICE = 440.0, 700.0, 1100.0, 1500.0, 1900.0  # hertz
HEARD, SILENT = LOUD * 0.3, LOUD * 0.03
NUMBERS = {"counsellor": "13900000001", "counsellor2": "13900000002", "leader": "13900000003"}
TONES = {"counsellor": SEAT, "counsellor2": COLLEAGUE, "leader": LEADER}


async def until(condition: Callable[[], Any], what: str, *, seconds: float = 30) -> Any:
    """What the condition gives once it is something; it is asked beside the clock of the voices."""
    ends = asyncio.get_running_loop().time() + seconds
    while not (found := await asyncio.to_thread(condition)):
        assert asyncio.get_running_loop().time() < ends, f"waited {seconds} s in vain for: {what}"
        await asyncio.sleep(0.1)
    return found


@dataclass
class Stage:
    """One test's cast. Seats sit at telephones (虚拟台): one wire, on which each number is somebody."""

    platform: Platform
    wire: Phone
    police: Phone
    moods: dict[str, Callable[[Talk], None]] = field(default_factory=dict)
    rang: dict[str, "asyncio.Queue[Talk]"] = field(default_factory=dict)
    phones: list[Phone] = field(default_factory=list)
    began: Any = None

    def __post_init__(self) -> None:
        self.began = self.platform.sql("SELECT clock_timestamp()")[0][0]

    def recorded(self, state: str = "%", skill: str = "%") -> int:
        """How many calls of this scene stand so in the record."""
        query = "SELECT count(*) FROM telephony_call WHERE started_at >= %s AND state LIKE %s AND skill LIKE %s"
        return int(self.platform.sql(query, self.began, state, skill)[0][0])

    @property
    def asterisk(self) -> tuple[str, int]:
        return ("127.0.0.1", self.platform.rehearsal.sip_port)

    def ring(self, talk: Talk) -> None:
        """Somebody's number is called: in their own voice, and as their mood is."""
        number = talk.invite.start.split("sip:")[1].split("@")[0] if talk.invite else ""
        name = next((name for name, own in NUMBERS.items() if own == number), number)
        talk.voice.sing(TONES.get(name, CALLER))
        self.rang.setdefault(name, asyncio.Queue()).put_nowait(talk)
        self.moods.get(name, take)(talk)

    async def calls(self, *, number: str = "", dialled: str = "12355", manner: Manner = PLAIN) -> Talk:
        """Somebody calls and is answered."""
        phone = await Phone(CALLER, manner=manner).plug_in()
        self.phones.append(phone)
        talk = phone.call(dialled, self.asterisk, caller=number or number_for())
        await asyncio.wait_for(talk.answered.wait(), 30)
        return talk

    async def presses(self, talk: Talk, keys: str, *, until_state: str) -> None:
        """Press keys, again every second, until the record says so: nobody knows when the prompt is that asks for them."""

        async def pressing() -> None:
            while True:
                talk.press(keys)
                await asyncio.sleep(1)

        pressed = asyncio.create_task(pressing())
        try:
            await until(lambda: self.recorded(until_state), f"a call to be {until_state}", seconds=90)
        finally:
            pressed.cancel()

    async def rung(self, name: str, seconds: float = 30) -> Talk:
        """The next call at this one's telephone, answered."""
        talk = await asyncio.wait_for(self.rang.setdefault(name, asyncio.Queue()).get(), seconds)
        await asyncio.wait_for(talk.answered.wait(), 10)
        return talk

    async def sits(self, name: str) -> StaffMember:
        """This one is at the seat, with their own telephone."""
        member = await asyncio.to_thread(self.platform.staff, name)
        await self.posts(member, "/telephony/own-telephone", {"number": NUMBERS[name]})
        await self.posts(member, "/duty/presence/set", {"state": "READY"})
        return member

    async def posts(self, member: StaffMember, path: str, body: dict[str, Any]) -> Any:
        return await asyncio.to_thread(member.browser.post, path, body)

    async def reads(self, member: StaffMember, path: str) -> dict[str, Any]:
        return (await asyncio.to_thread(member.browser.get, path)).json()

    async def call_of(self, member: StaffMember) -> dict[str, Any]:
        """The call that this one has in hand by the record."""
        path = "/telephony/mine"
        calls = await until(lambda: member.browser.get(path).json()["calls"], "the call in hand")
        return calls[0]

    async def asks(self, member: StaffMember, call: str, kind: str, **more: str) -> dict[str, str]:
        """Ask something of a call and wait for what comes of it."""
        body = {"kind": kind, **more}
        act = (await self.posts(member, f"/telephony/calls/{call}/act", body)).json()

        def ended() -> dict[str, str] | None:
            found = member.browser.get(f"/telephony/acts/{act['id']}").json()
            return found if found["state"] != "ASKED" else None

        return await until(ended, f"{kind} to be done", seconds=60)

    async def outcome(self, number: str) -> str:
        """How the latest call was recorded as ended."""

        latest = "SELECT state, outcome FROM telephony_call WHERE started_at >= %s ORDER BY started_at DESC LIMIT 1"

        def ended() -> str:
            rows = self.platform.sql(latest, self.began)
            return rows[0][1] if rows and rows[0][0] == "ENDED" else ""

        return await until(ended, f"the end of the call from {number[-2:]}")

    def leave(self) -> None:
        for phone in (self.wire, self.police, *self.phones):
            phone.unplug()


def number_for() -> str:
    """A mobile number of nobody else in this test."""
    return f"137{random.randrange(10**8):08d}"


def take(talk: Talk) -> None:
    """Pick up, and press the key that says a person did."""
    talk.answer()
    asyncio.get_running_loop().call_later(0.7, talk.press, "1")


async def hears(listener: Talk, tone: float, *, seconds: float = 12) -> None:
    """Until this one hears the tone."""
    ends = asyncio.get_running_loop().time() + seconds
    while (found := level(listener.voice.heard(0.6), tone)) < HEARD:
        assert asyncio.get_running_loop().time() < ends, f"{tone} Hz is not heard: {found:.0f} of {LOUD}"
        await asyncio.sleep(0.1)


async def hears_the_beep(listener: Talk, *, seconds: float = 120) -> None:
    """Until this one has heard the tone before a message, at any moment of the last seconds: it is short, and we may look late."""
    ends = asyncio.get_running_loop().time() + seconds
    while not any(level(piece, BEEP) > HEARD for piece in _pieces(listener.voice.heard(15.0))):
        assert asyncio.get_running_loop().time() < ends, "no tone before the message"
        await asyncio.sleep(0.5)


def _pieces(heard: Any) -> list[Any]:
    """Overlapping pieces of three tenths of a second, of what arrived at 8 kHz."""
    return [heard[start : start + 2400] for start in range(0, max(1, len(heard) - 1200), 1200)]


async def hears_prompt(listener: Talk, language: str, name: str, *, seconds: float = 60) -> None:
    """Until this one has heard this prompt in this language, at any moment of the last seconds."""
    spoken = LINEAR[A_LAW][np.frombuffer((PROMPTS / language / f"{name}.alaw").read_bytes(), np.uint8)].astype(float)
    ends = asyncio.get_running_loop().time() + seconds
    while (found := likeness(listener.voice.heard(18.0).astype(float), spoken[:16000])) < ALIKE:
        assert asyncio.get_running_loop().time() < ends, f"{name} in {language} is not heard: {found:.2f}"
        await asyncio.sleep(0.5)


def likeness(heard: Any, spoken: Any) -> float:
    """How much of what was heard somewhere is what was spoken, from 0 to 1 (normalised cross-correlation)."""
    if len(heard) < len(spoken):
        return 0.0
    size = 1 << (len(heard) + len(spoken)).bit_length()
    along = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(spoken, size)), size)[: len(heard)]
    loud = np.concatenate([[0.0], np.cumsum(heard**2)])
    ends = np.minimum(np.arange(len(heard)) + len(spoken), len(heard))
    local = loud[ends] - loud[: len(heard)]
    return float(np.max(along / np.sqrt(np.maximum(local, 1.0) * np.sum(spoken**2))))


async def hears_nothing_of(listener: Talk, tone: float) -> None:
    """For a second and a half, this one hears nothing of the tone, while packets do arrive."""
    await asyncio.sleep(0.8)
    listener.voice.forget()
    await asyncio.sleep(1.5)
    found = level(listener.voice.heard(1.2), tone)
    assert found < SILENT, f"{tone} Hz is heard: {found:.0f} of {LOUD}"


async def talk_together(one: Talk, other: Talk) -> None:
    """Both hear each other."""
    await hears(one, other.voice.frequency)
    await hears(other, one.voice.frequency)
