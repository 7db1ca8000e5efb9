"""Whoever picks up is heard: nothing that a waiting caller was played goes on behind their back."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from qingting.telephony.ari.floor import Floor
from qingting.telephony.ari.greeting import CallerLeft, FirstWords
from qingting.telephony.ari.live import Answered, Gone, LiveCall, Pressed
from qingting.telephony.ari.waiting import Waiting
from qingting.telephony.services import Party
from qingting.telephony.states import LegKind

SEAT = Party(LegKind.SEAT, "seat", 1)
FIRST = FirstWords((("zh", ("greeting",)),))


class SlowBridges:
    """An Asterisk that has been asked for music, and begins it only when it comes to it."""

    def __init__(self) -> None:
        self.asked, self.comes_to_it = asyncio.Event(), asyncio.Event()
        self.playing = False

    async def play(self, *_words: Any, **_more: Any) -> None:
        """Everything was said at once."""

    async def music(self, _channel: str) -> None:
        self.asked.set()
        begun = asyncio.ensure_future(self._begin())
        try:
            await asyncio.shield(begun)
        except asyncio.CancelledError:
            await begun
            raise

    async def _begin(self) -> None:
        await self.comes_to_it.wait()
        self.playing = True


async def _waits(message: object) -> SlowBridges:
    """Somebody whose music is just about to begin as the message arrives. Raises what ended the wait."""
    bridges = SlowBridges()
    floor = Floor(client=None, bridges=bridges, records=SimpleNamespace(note=None))  # type: ignore[arg-type]
    live = LiveCall(1, "caller")
    waiting = asyncio.create_task(Waiting(floor, live, None).for_seat())
    await bridges.asked.wait()
    live.inbox.put_nowait(message)  # type: ignore[arg-type]
    asyncio.get_running_loop().call_later(0.05, bridges.comes_to_it.set)
    try:
        assert await waiting == SEAT
    except CallerLeft:
        assert bridges.playing
        raise
    return bridges


def test_music_that_was_asked_for_has_begun_before_the_wait_is_over_so_that_it_can_be_ended():
    assert asyncio.run(_waits(Answered(SEAT))).playing


def test_a_caller_who_leaves_at_that_moment_has_left():
    with pytest.raises(CallerLeft):
        asyncio.run(_waits(Gone("caller", 16)))


def test_a_key_at_that_moment_begins_the_music_anew_and_never_twice():
    async def scene() -> None:
        bridges = SlowBridges()
        floor = Floor(client=None, bridges=bridges, records=SimpleNamespace(answered=_no_place))  # type: ignore[arg-type]
        live = LiveCall(1, "caller")
        waiting = asyncio.create_task(Waiting(floor, live, FIRST).for_seat())
        await bridges.asked.wait()
        live.inbox.put_nowait(Pressed("5"))
        bridges.comes_to_it.set()
        live.inbox.put_nowait(Answered(SEAT))
        assert await waiting == SEAT
        assert not floor.tasks, "somebody still talks to a caller who has been answered"

    asyncio.run(scene())


async def _no_place(*_words: Any, **_more: Any) -> None:
    """Nobody stands in line."""
