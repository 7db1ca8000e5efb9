"""A line of the station here, calls that come in on it, and an engine that makes no sound."""

import pytest

from qingting.core.ids import new_id
from qingting.core.scope import EVERYTHING, acting
from qingting.directory.models import ClockRule
from qingting.duty.services import set_presence
from qingting.telephony import services
from qingting.telephony.engine import BrowserAccount
from qingting.telephony.services import Arrival, LineDetails


class SilentEngine:
    """Remembers which accounts are open."""

    def __init__(self) -> None:
        self.open: dict[str, BrowserAccount] = {}

    def open_account(self, account: BrowserAccount) -> None:
        self.open[account.username] = account

    def close_account(self, username: str) -> None:
        self.open.pop(username, None)


@pytest.fixture(autouse=True)
def engine(monkeypatch):
    """No Asterisk is asked in these tests."""
    silent = SilentEngine()
    monkeypatch.setattr("qingting.telephony.services.accounts.engine", lambda: silent)
    return silent


@pytest.fixture
def reply_by_tomorrow(db):
    """A message is answered within a day."""
    ClockRule.objects.update_or_create(
        organisation=None,
        kind="MESSAGE_REPLY",
        defaults={"minutes": 24 * 60, "warn_minutes_before": 120, "escalate_minutes": 240, "source": "测试"},
    )


@pytest.fixture
def line(tree, at, known_clock_rules):
    """12355, answered by the station here."""
    return services.put_line(station=tree.station, details=LineDetails(number="12355"), at=at)


@pytest.fixture
def rings(line, at):
    """Somebody dials; gives the call."""

    def ring(number: str = "13800138000", *, moment=None):
        arrival = Arrival(new_id(), "asterisk", f"channel-{new_id()}", "12355", number)
        with acting(EVERYTHING):
            return services.begin_call(arrival=arrival, at=moment or at)

    return ring


@pytest.fixture
def ready(agent_here, at):
    """The counsellor here is at a seat with a telephone that would ring."""
    sit_down(agent_here, at)
    return agent_here


def sit_down(actor, at):
    """At a seat, with a browser that is signed in at the engine."""
    with acting(actor.scope):
        issued = services.issue_seat_account(actor=actor, session_id=actor.account_id, at=at)
    with acting(EVERYTHING):
        services.note_registration(username=issued.username, registered=True, at=at)
    with acting(actor.scope):
        set_presence(actor=actor, state="READY", at=at)


@pytest.fixture
def talking(ready, rings, at):
    """A call that the counsellor here has answered."""
    call = rings()
    with acting(EVERYTHING):
        services.queue_call(call_id=call.id, at=at)
        return services.take_call(call_id=call.id, account_id=ready.account_id, channel="seat-1", at=at)
