"""A waiting call hears of its offer from its own record first, and no look that began before takes it away again."""

import time as clock
from datetime import UTC, datetime

import pytest

from qingting.telephony.ari.live import LiveCall, Offered
from qingting.telephony.ari.offers import Offers
from qingting.telephony.selectors import Ringing


@pytest.fixture
def call():
    return LiveCall(1, "channel")


@pytest.fixture
def offers(call):
    return Offers({call.id: call})


def offer(offer_id=10, account_id=5):
    return Ringing(offer_id, 1, account_id, datetime(2026, 3, 4, tzinfo=UTC))


def heard(call):
    said = []
    while not call.inbox.empty():
        message = call.inbox.get_nowait()
        assert isinstance(message, Offered)
        said.append(message.ringing)
    return said


def test_what_the_record_said_is_not_said_again_by_the_look_that_follows(call, offers):
    offers.told(offer())
    offers.looked([offer()], began=clock.monotonic())
    assert heard(call) == [offer()]


def test_a_look_that_began_before_the_record_was_written_takes_nothing_away(call, offers):
    began = clock.monotonic()
    offers.told(offer())
    offers.looked([], began=began)
    assert heard(call) == [offer()]


def test_a_later_look_does(call, offers):
    offers.told(offer())
    offers.looked([], began=clock.monotonic() + 1)
    assert heard(call) == [offer(), None]


def test_a_record_that_was_slower_than_a_look_changes_nothing(call, offers):
    offers.looked([offer(11, account_id=6)], began=clock.monotonic())
    offers.told(offer())
    assert heard(call) == [offer(11, account_id=6)]


def test_an_offer_to_somebody_else_is_told(call, offers):
    offers.told(offer())
    offers.looked([offer(11, account_id=6)], began=clock.monotonic() + 1)
    assert heard(call) == [offer(), offer(11, account_id=6)]


def test_a_call_that_is_over_is_forgotten(offers):
    offers.told(Ringing(12, 2, 5, datetime(2026, 3, 4, tzinfo=UTC)))
    offers.looked([], began=0.0)
    assert offers._now == {}
