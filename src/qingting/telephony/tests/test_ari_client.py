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


def _asked(known: list[str], scene: Callable[[AriClient], Awaitable[None]]) -> None:
    """Play a scene with a client that is told the latest of the known passwords, and an Asterisk that wants the right one."""

    async def play() -> None:
        app = web.Application()
        app.router.add_get("/ari/bridges", _only_with_the_password)
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
