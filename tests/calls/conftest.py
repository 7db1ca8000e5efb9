"""The platform with its telephone, started once; for each test a fresh cast."""

import asyncio
import os
from collections.abc import Callable, Coroutine, Iterator
from contextlib import suppress
from typing import Any

import pytest

from launcher import places
from launcher.rehearsal import clear_away, rehearsal
from qingting.simulation.telephones.phone import Phone
from tests.calls.stage import CALLER, NUMBERS, POLICE, Stage, number_for
from tests.platform import Platform, eventually

pytestmark = pytest.mark.calls

STRANGERS = 120  # callers a minute whom nobody knows: few, so that a flood shows soon
WIRE, DESK = places.any_free_port(), places.any_free_port()
WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
FIRST_VOICE_PORT = 17000 + 4000 * WORKER  # each worker has an Asterisk of its own


@pytest.fixture(scope="session")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """A platform of its own, whose Asterisk is heard."""
    settings = {
        "QINGTING_TELEPHONE": "on",
        "QINGTING_RTP_PORTS": f"{FIRST_VOICE_PORT}-{FIRST_VOICE_PORT + 999}",
        "QINGTING_DIAL_OUT": f"PJSIP/trunk/sip:{{number}}@127.0.0.1:{WIRE}",
        "QINGTING_STRANGERS_A_MINUTE": str(STRANGERS),
        "QINGTING_DIAL_POLICE": f"PJSIP/trunk/sip:110@127.0.0.1:{DESK}",
    }
    with rehearsal(tmp_path_factory.mktemp("calls") / "var", **settings) as started:
        platform = Platform(started)
        eventually(lambda: telephone_is_heard(platform), "Asterisk to be heard", seconds=180)
        yield platform
    clear_away(started)


def telephone_is_heard(platform: Platform) -> bool:
    """What the health page says of the telephone."""
    import httpx

    try:
        parts = httpx.get(f"{platform.http}/healthz", trust_env=False).json()["components"]
    except (httpx.TransportError, ValueError):
        return False
    return bool(parts.get("telephone", {}).get("ok"))


@pytest.fixture(scope="module", autouse=True)
def open_line(exchange: Platform) -> None:
    """What an earlier file did to the line (floods, parts that were killed) is over: somebody unknown is answered again."""
    asyncio.run(_answered(exchange))


async def _answered(exchange: Platform) -> None:
    phone = await Phone(CALLER).plug_in()
    try:
        for _ in range(30):
            talk = phone.call("12355", ("127.0.0.1", exchange.rehearsal.sip_port), caller=number_for())
            with suppress(TimeoutError):
                await asyncio.wait_for(talk.answered.wait(), 3)
            talk.hang_up()
            if talk.answered.is_set():
                return
        raise AssertionError("the line answers nobody for a minute and a half")
    finally:
        phone.unplug()


Scene = Callable[[Stage], Coroutine[Any, Any, None]]


@pytest.fixture
def played(exchange: Platform) -> Callable[..., None]:
    """Plays a scene with a fresh cast, and sends everybody home afterwards. `seconds`: at most."""
    for name in NUMBERS:
        browser = exchange.staff(name).browser
        browser.post("/duty/presence/set", {"state": "OFFLINE"})
        browser.post("/telephony/own-telephone", {"number": ""})
    eventually(lambda: not open_calls(exchange), "all calls to be over")

    def play(scene: Scene, *, seconds: float = 240) -> None:
        asyncio.run(_played(exchange, scene, seconds))

    return play


async def _played(exchange: Platform, scene: Scene, seconds: float) -> None:
    wire, police = await Phone(port=WIRE).plug_in(), await Phone(POLICE, port=DESK).plug_in()
    stage = Stage(exchange, wire, police)
    wire.on_ring = stage.ring
    try:
        async with asyncio.timeout(seconds):
            await scene(stage)
    finally:
        stage.leave()
        await asyncio.sleep(0.2)


def open_calls(exchange: Platform) -> int:
    return int(exchange.sql("SELECT count(*) FROM telephony_call WHERE state <> 'ENDED'")[0][0])
