"""A browser that is signed in anew takes its person's call over from the page before, whatever the record knows by then."""

import asyncio
from types import SimpleNamespace

import pytest

from qingting.telephony.ari.registrations import Registrations

PERSON, LEG = 7, "1700000000.12"
COMES = {"type": "PeerStatusChange", "endpoint": {"resource": "seat-new"}, "peer": {"peer_status": "Registered"}}


class Floor:
    """One call in which PERSON talks by a leg of the account `used`; accounts in `known` have not ended."""

    def __init__(self, used: str, known: dict[str, int]) -> None:
        self.hung_up: list[str] = []
        self.live = SimpleNamespace(seat=SimpleNamespace(account_id=PERSON, channel=LEG), seat_lost=False)
        self.calls = {1: self.live}
        self.records = self.client = self.bridges = self
        self._used, self._known = used, known
        self._begun: list[asyncio.Task[None]] = []

    async def answered(self, _question, **_words):
        return {name: SimpleNamespace(account_id=account) for name, account in self._known.items()}

    async def get(self, where):
        assert where == f"/channels/{LEG}"
        return {"name": f"PJSIP/{self._used}-0000001a"}

    async def hang_up(self, channel):
        self.hung_up.append(channel)

    async def settled(self, _key):
        pass

    def note(self, _key, _service, **_words):
        pass

    def tell_of_seats(self):
        pass

    def spawn(self, work):
        self._begun.append(asyncio.ensure_future(work))

    def after(self, event):
        """What the floor has come to once the event is dealt with."""

        async def told():
            Registrations(self).changed(event)
            await asyncio.gather(*self._begun)

        asyncio.run(told())
        return self.hung_up, self.live.seat_lost


def test_the_leg_of_a_page_that_is_gone_is_let_go_and_counts_as_lost():
    assert Floor("seat-old", {"seat-new": PERSON}).after(COMES) == ([LEG], True)


@pytest.mark.parametrize(
    ("used", "known"),
    [
        pytest.param("seat-new", {"seat-new": PERSON}, id="this very page talks"),
        pytest.param("seat-other", {"seat-new": PERSON, "seat-other": PERSON}, id="another login of theirs talks"),
        pytest.param("trunk", {"seat-new": PERSON}, id="their own telephone talks"),
        pytest.param("seat-old", {"seat-new": 8}, id="somebody else came"),
        pytest.param("seat-old", {}, id="whoever came has no account any more"),
    ],
)
def test_any_other_leg_goes_on(used, known):
    assert Floor(used, known).after(COMES) == ([], False)
