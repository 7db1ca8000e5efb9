"""A browser hears what concerns it, in order, and misses nothing while it was away."""

import asyncio
import json

import pytest
from django.core import signing
from django.db import connection, transaction
from psycopg.conninfo import make_conninfo

from qingting.core.events import publish
from qingting.core.grants import AccessEnded
from qingting.core.journal import Cursor
from qingting.core.push import Hub, read_token, signal, stream_token
from qingting.core.scope import EVERYTHING, acting

pytestmark = pytest.mark.django_db(transaction=True)


def dsn() -> str:
    settings = connection.settings_dict
    return make_conninfo(
        host=settings["HOST"],
        port=settings["PORT"],
        dbname=settings["NAME"],
        user=settings["USER"],
        password=settings["PASSWORD"],
    )


@pytest.fixture
def tell(agent_here, at):
    def write(number: int) -> None:
        event = AccessEnded(
            organisation_id=agent_here.organisation_id,
            province="440000",
            grant_id=number,
            granted_to_id=1,
            subject_kind="case",
            purpose="TEST",
        )
        with acting(EVERYTHING), transaction.atomic():
            publish(event, actor=agent_here, at=at)

    return write


def hear(channels: list[str], last_seen: Cursor | None, tell, *, frames: int) -> list[dict[str, object]]:
    """Open a stream, run `tell` once it is open, and collect this many frames after the greeting."""

    async def listen() -> list[dict[str, object]]:
        hub = Hub(dsn(), poll_seconds=0.01)
        heard = []
        try:
            async with asyncio.timeout(30):
                async for frame in hub.listen(channels, last_seen):
                    if b"hello" in frame:
                        await asyncio.to_thread(tell_and_close)
                    elif frame.startswith((b"id", b"data")):
                        lines = frame.decode().splitlines()  # events of one moment come in one piece
                        heard += [json.loads(line[6:]) for line in lines if line.startswith("data: ")]
                    if len(heard) >= frames:
                        return heard
        finally:
            await hub.stop()
        raise AssertionError("the stream ended")

    def tell_and_close() -> None:
        try:
            tell()
        finally:
            connection.close()

    return asyncio.run(listen())


def test_it_hears_its_channel_and_no_other(tell):
    heard = hear(["grant:2"], None, lambda: [tell(1), tell(2), tell(3)], frames=1)
    assert [one["ids"]["grant"] for one in heard] == ["2"]


def test_what_happened_between_the_page_and_the_stream_is_replayed(tell):
    with transaction.atomic():
        _channels, drawn_at = read_token(stream_token(["grant:1", "grant:2"]))
    tell(1)
    heard = hear(["grant:1", "grant:2"], drawn_at, lambda: tell(2), frames=2)
    assert [one["ids"]["grant"] for one in heard] == ["1", "2"]


def test_a_passing_signal_is_heard_and_leaves_no_cursor(db):
    def say():
        signal(["talk:1"], "chat.typing", {"conversation": 1}, {"author": "SEEKER"})

    heard = hear(["talk:1"], None, say, frames=1)
    assert heard[0]["name"] == "chat.typing"


def test_a_forged_permit_is_refused():
    with pytest.raises(signing.BadSignature):
        read_token(stream_token(["case:1"])[:-2] + "xx")
