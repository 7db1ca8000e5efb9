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
        self.calls, self.owner = {1: self.live}, {LEG: self.live}
        self.records = self.client = self.bridges = self
        self._used, self._known = used, known
        self._begun: list[asyncio.Task[None]] = []

    async def answered(self, _question, **_words):
        return {name: SimpleNamespace(account_id=account, registered=True) for name, account in self._known.items()}

    async def get(self, where):
        if where == "/endpoints/PJSIP":
            return []
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

    async def post(self, _where, **_words):
        pass

    def after(self, event):
        """What the floor has come to once the event is dealt with; None: a look around, as after any news of an account."""

        async def told():
            registrations = Registrations(self)
            if event is None:
                await registrations.look()
            else:
                registrations.changed(event)
            await asyncio.gather(*self._begun)

        asyncio.run(told())
        return self.hung_up, self.live.seat_lost


@pytest.mark.parametrize("event", [COMES, None], ids=["it signs in", "it has just asked for its account"])
def test_the_leg_of_a_page_that_is_gone_is_let_go_and_counts_as_lost(event):
    assert Floor("seat-old", {"seat-new": PERSON}).after(event) == ([LEG], True)


@pytest.mark.parametrize("event", [COMES, None], ids=["signs in", "asks"])
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
def test_any_other_leg_goes_on(used, known, event):
    assert Floor(used, known).after(event) == ([], False)
