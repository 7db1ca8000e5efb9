"""What the controller says to Asterisk's REST interface, and with which password."""

import asyncio
from collections.abc import Awaitable, Callable

import aiohttp
import pytest
from aiohttp import web

from qingting.telephony.ari.client import Address, AriClient, AriRefused

PASSWORD = "written-once-asterisk-was-fetched"


async def _only_with_the_password(request: web.Request) -> web.Response:
    given = aiohttp.BasicAuth.decode(request.headers["Authorization"])
    return web.json_response([], status=200 if given.password == PASSWORD else 401)


class Slow:
    """An Asterisk that takes its time to begin the music, and writes down in which order it did what."""

    def __init__(self) -> None:
        self.asked, self.goes_on = asyncio.Event(), asyncio.Event()
        self.done: list[str] = []

    async def music(self, request: web.Request) -> web.Response:
        if request.method == "POST":
            self.asked.set()
            await self.goes_on.wait()
        self.done.append(request.method)
        return web.Response(status=204)


def _asked(known: list[str], scene: Callable[[AriClient], Awaitable[None]], slow: Slow | None = None) -> None:
    """Play a scene with a client that is told the latest of the known passwords, and an Asterisk that wants the right one."""

    async def play() -> None:
        app = web.Application()
        app.router.add_get("/ari/bridges", _only_with_the_password)
        if slow is not None:
            app.router.add_route("*", "/ari/channels/caller/moh", slow.music)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]

        async def heard() -> None:
            """Nobody waits for it."""

        client = AriClient(
            lambda: Address(f"http://127.0.0.1:{port}/ari", "qingting", known[-1]),
            when_heard=heard,
            on_event=lambda _event: None,
        )
        await client.start()
        try:
            await scene(client)
        finally:
            await client.stop()
            await runner.cleanup()

    asyncio.run(play())


def test_a_controller_that_came_before_its_password_works_as_soon_as_it_is_there():
    known = [""]

    async def scene(client: AriClient) -> None:
        with pytest.raises(AriRefused, match="401"):
            await client.get("/bridges")
        known.append(PASSWORD)
        assert await client.get("/bridges") == []

    _asked(known, scene)


def test_what_somebody_asked_who_was_cancelled_is_done_before_the_next_is_asked():
    async def scene(client: AriClient) -> None:
        waiting = asyncio.create_task(client.post("/channels/caller/moh"))
        await slow.asked.wait()
        waiting.cancel()
        asyncio.get_running_loop().call_soon(slow.goes_on.set)
        await asyncio.wait({waiting})
        await client.remove("/channels/caller/moh")
        assert waiting.cancelled()
        assert slow.done == ["POST", "DELETE"], "the caller is left with music, and hears nobody"

    slow = Slow()
    _asked([PASSWORD], scene, slow)
