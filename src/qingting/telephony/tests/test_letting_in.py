"""A flood fills its own share: whom we know, whoever is in danger and who calls from the portal get through beside it."""

import pytest

from qingting.core.scope import EVERYTHING, acting
from qingting.telephony import rules, selectors, services
from qingting.telephony.ari.controller import Controller
from qingting.telephony.services import index_of_number

pytestmark = pytest.mark.django_db


@pytest.fixture
def controller(line, settings, monkeypatch):
    """A controller that connects to nobody."""
    settings.STRANGERS_A_MINUTE = 5
    monkeypatch.setattr("qingting.telephony.ari.controller.clock.monotonic", lambda: 100.0)
    return Controller()


def flood(controller, line):
    return sum(controller._let_in(line, f"137{n:08d}", "") for n in range(10_000))


def test_ever_changing_numbers_share_one_limit(controller, line):
    assert flood(controller, line) == 5


def test_somebody_in_danger_or_known_or_from_the_portal_gets_through(controller, line, talking, at, everything):
    controller._known = selectors.known_numbers(at=at)
    flood(controller, line)
    assert not controller._let_in(line, "13700000000", "")
    assert controller._let_in(line, "13800138000", "")
    assert controller._let_in(line, "", "visit-1")


def test_who_was_never_talked_with_is_known_by_danger_only(rings, at):
    with acting(EVERYTHING):
        call = rings("13900139000")
        services.end_call(call_id=call.id, outcome="ABANDONED", at=at)
        assert not selectors.known_numbers(at=at)
        type(call).objects.update(danger_level="URGENT")
        assert selectors.known_numbers(at=at) == {index_of_number("13900139000")}
        assert not selectors.known_numbers(at=at + rules.IN_DANGER_FOR * 2)


def test_one_number_is_limited_before_it_uses_up_the_share_of_strangers(controller, line):
    assert sum(controller._let_in(line, "13700000001", "") for _ in range(100)) == 5
    controller._flood = rules.Flood()
    assert sum(controller._let_in(line, "13700000001", "") for _ in range(3)) == 3
    assert controller._let_in(line, "13700000002", "")
