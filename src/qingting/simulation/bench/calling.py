"""The telephone under load: the platform's own line, and beside it the same load through Asterisk's own queue.

Both run in one Asterisk, one after the other, with the same telephones, tones and length, so that the difference is the
price of deciding in Python: which seat rings is settled by the waiting line in the database, not by app_queue. The platform
also records the seat's side, which app_queue here does not.
"""

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import Any

from qingting.core.ids import new_id
from qingting.simulation.bench.numbers import milliseconds
from qingting.simulation.bench.processors import seconds_of
from qingting.simulation.bench.stand import Stand
from qingting.simulation.telephones.phone import Phone, Talk

PARTS = ("asterisk", "controller", "database", "worker")
BETWEEN = 0.1  # seconds from one call to the next
LINES_ARE_READ = 6.0  # seconds in which the controller has surely read the line that was changed behind its back
PATIENCE = 60.0  # seconds until a call must have been connected
QUEUE_NUMBER = "90000"
SEAT_TONE, CALLER_TONE = 700.0, 440.0


@dataclass(frozen=True, slots=True)
class Load:
    """So many calls at a time, each for so many seconds."""

    calls: int = 100
    seconds: float = 15.0


@dataclass(slots=True)
class Measured:
    """What one road did with the load."""

    answered: list[float] = field(default_factory=list)
    rang: list[float] = field(default_factory=list)
    talked: float = 0.0
    lost: int = 0


def wire_settings(port: int, calls: int) -> dict[str, str]:
    """What a stand is started with: where seats' numbers ring, and who stands in Asterisk's own queue."""
    members = ",".join(f"sip:5{n:04d}@127.0.0.1:{port}" for n in range(calls))
    return {
        "QINGTING_TELEPHONE": "on",
        "QINGTING_DIAL_OUT": f"PJSIP/trunk/sip:{{number}}@127.0.0.1:{port}",
        "QINGTING_BENCH_SEATS": members,
        "QINGTING_RTP_PORTS": "15000-15999",
        "QINGTING_STRANGERS_A_MINUTE": "100000",  # a load is no flood
    }


def measure(stand: Stand, load: Load, *, wire_port: int, sip_port: int) -> dict[str, Any]:
    """Both roads; lost calls must be 0."""
    _seat_people(stand, load)
    own = asyncio.run(_round(stand, load, "12355", (wire_port, sip_port)))
    stand.wait_until_well()
    queue = asyncio.run(_round(stand, load, QUEUE_NUMBER, (wire_port, sip_port)))
    return {"concurrent": load.calls, "seconds": load.seconds, "platform": own, "app_queue": queue}


def _seat_people(stand: Stand, load: Load) -> None:
    """As many counsellors as calls, each at a telephone of their own, and a line without greeting."""
    ((station, province),) = stand.ask("SELECT organisation_id, province FROM telephony_line WHERE number = '12355'")
    stand.ask("UPDATE telephony_line SET greets = false, asks_skill = false")
    numbers = [f"5{n:04d}00" for n in range(load.calls)]
    sealed = json.loads(stand.command("bench", "seal-numbers", *numbers))
    for number in numbers:
        account = new_id()
        stand.ask(
            "INSERT INTO staff_account (id, username, display_name, password, is_active, is_demo, failed_attempts,"
            " totp_last_step, must_change_password, theme) VALUES (%s, %s, %s, '!', true, true, 0, 0, false, '')",
            account, f"bench-{number}", f"坐席{number}",
        )  # fmt: skip
        stand.ask(
            "INSERT INTO staff_post (id, account_id, organisation_id, role, skills, valid_from)"
            " VALUES (%s, %s, %s, 'COUNSELLOR', '{GENERAL}', now() - interval '1 day')",
            new_id(), account, station,
        )  # fmt: skip
        stand.ask(
            "INSERT INTO duty_presence (id, organisation_id, province, account_id, state, skills, capacity, idle_since,"
            " last_heartbeat_at, changed_at, reachable)"
            " VALUES (%s, %s, %s, %s, 'READY', '{GENERAL}', 3, now(), now() + interval '1 hour', now(), true)",
            new_id(), station, province, account,
        )  # fmt: skip
        stand.ask(
            "INSERT INTO telephony_sipaccount (id, organisation_id, province, kind, username, account_id, registered,"
            " number_sealed, number_tail, key_version, created_at, expires_at)"
            " VALUES (%s, %s, %s, 'PHONE', %s, %s, true, %s, '', 1, now(), now() + interval '1 hour')",
            new_id(), station, province, f"bench-{number}", account, bytes.fromhex(sealed[number]),
        )  # fmt: skip


async def _round(stand: Stand, load: Load, dialled: str, ports: tuple[int, int]) -> dict[str, Any]:
    wire, caller = Phone(SEAT_TONE, port=ports[0], listens=False), Phone(CALLER_TONE, listens=False)
    measured = Measured()
    arrivals: asyncio.Queue[float] = asyncio.Queue()
    wire.on_ring = lambda talk: _pick_up(talk, arrivals)
    for phone in (wire, caller):
        await phone.plug_in()
    await asyncio.sleep(LINES_ARE_READ)
    before, began = _spent(stand), time.monotonic()
    talks = []
    for n in range(load.calls):
        talk = caller.call(dialled, ("127.0.0.1", ports[1]), caller=f"139{n:08d}")
        talks.append(asyncio.create_task(_one(talk, arrivals, measured, load)))
        await asyncio.sleep(BETWEEN)
    await asyncio.gather(*talks)
    spent = {part: after - before[part] for part, after in _spent(stand).items()}
    took = time.monotonic() - began
    for phone in (caller, wire):
        phone.unplug()
    await asyncio.sleep(3)
    return _said(measured, spent, took)


def _pick_up(talk: Talk, arrivals: "asyncio.Queue[float]") -> None:
    """The seat picks up at once, and presses the key that a seat's own telephone is asked for."""
    arrivals.put_nowait(time.monotonic())
    talk.answer()
    asyncio.get_running_loop().call_later(0.3, talk.press, "1")


async def _one(talk: Talk, arrivals: "asyncio.Queue[float]", measured: Measured, load: Load) -> None:
    """One call: answered, a seat rings, some seconds of talk, hung up. Calls come one after another, and so do rings."""
    try:
        async with asyncio.timeout(PATIENCE):
            await talk.answered.wait()
            rang = await arrivals.get()
    except TimeoutError:
        measured.lost += 1
        talk.hang_up()
        return
    measured.answered.append(talk.answer_seconds)
    measured.rang.append(max(0.0, rang - talk.asked_at))
    await asyncio.sleep(load.seconds)
    if talk.ended.is_set():
        measured.lost += 1
    measured.talked += time.monotonic() - talk.answered_at
    talk.hang_up()


def _spent(stand: Stand) -> dict[str, float]:
    return {part: sum(map(seconds_of, stand.pids(part).values())) for part in PARTS}


def _said(measured: Measured, spent: dict[str, float], took: float) -> dict[str, Any]:
    each = {part: round(seconds * 1000 / max(measured.talked, 1), 2) for part, seconds in spent.items()}
    return {
        "invite_to_answer_ms": milliseconds(measured.answered),
        "invite_to_seat_rings_ms": milliseconds(measured.rang),
        "cpu_ms_per_call_second": {**each, "all": round(sum(each.values()), 2)},
        "call_seconds": round(measured.talked),
        "wall_seconds": round(took, 1),
        "lost": measured.lost,
    }
