"""Several Asterisks with a controller each: each controller serves its own, and none touches another's calls."""

import asyncio

import pytest

from qingting.core.ids import new_id
from qingting.telephony import selectors, services
from qingting.telephony.ari.finding import _end_what_is_gone
from qingting.telephony.ari.leadership import Leadership
from qingting.telephony.models import Call
from qingting.telephony.services import Arrival, Wish

pytestmark = pytest.mark.django_db


@pytest.fixture
def here_and_there(line, ready, at, everything):
    """A call that the counsellor here has answered, at each of two Asterisks; both name their channels alike."""

    def taken(asterisk: str) -> Call:
        call = services.begin_call(arrival=Arrival(new_id(), asterisk, "1700000000.1", "12355", "13800138000"), at=at)
        services.queue_call(call_id=call.id, at=at)
        services.take_call(call_id=call.id, account_id=ready.account_id, channel=f"seat-{asterisk}", at=at)
        return call

    return taken("north"), taken("south")


def test_an_act_is_done_where_its_call_is(here_and_there, ready, at):
    _, south = here_and_there
    asked = services.ask_act(actor=ready, call_id=south.id, wish=Wish("HOLD"), at=at)
    assert selectors.acts_asked("north") == []
    assert selectors.acts_asked("south") == [asked]


def test_a_recording_goes_to_the_call_of_its_own_asterisk(here_and_there):
    north, south = here_and_there
    assert selectors.call_of_channel(asterisk="north", channel="1700000000.1") == north.id
    assert selectors.call_of_channel(asterisk="south", channel="1700000000.1") == south.id


def test_a_controller_that_starts_ends_only_what_its_own_asterisk_has_lost(here_and_there, settings):
    north, _ = here_and_there
    settings.ASTERISK_NAME = "north"
    ended = []

    class Records:
        async def answered(self, service, **words):
            return service(**words)

        def note(self, call, service, **words):
            ended.append(call)

    floor = type("Floor", (), {"records": Records(), "calls": {}})()
    coroutine = _end_what_is_gone(floor)
    with pytest.raises(StopIteration):  # nothing in it waits
        coroutine.send(None)
    assert ended == [north.id]


@pytest.mark.django_db(transaction=True)
def test_of_two_controllers_one_waits_if_it_is_the_same_asterisk_and_works_if_it_is_another():
    async def scene() -> None:
        first, reserve, other = (Leadership(name, when_news=lambda news: None) for name in ("north", "north", "south"))
        try:
            assert await first._try()
            assert not await reserve._try()
            assert await other._try()
            assert first._connection is not None
            await first._connection.close()
            async with asyncio.timeout(20):
                await reserve.acquire()
        finally:
            for one in (first, reserve, other):
                if one._connection is not None:
                    await one._connection.close()

    asyncio.run(scene())
