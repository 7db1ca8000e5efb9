"""What waits is offered, offers lapse, silent seats go offline, danger goes first (R-F2)."""

from datetime import timedelta

import pytest

from qingting.core.errors import DomainError, NotFound
from qingting.core.scope import EVERYTHING, acting
from qingting.duty import selectors, services
from qingting.duty.models import Offer, Presence, WaitingEntry
from qingting.duty.rules import HEARTBEAT_LASTS, OFFER_LASTS

pytestmark = pytest.mark.django_db


def ready(actor, at):
    with acting(actor.scope):
        services.set_presence(actor=actor, state="READY", at=at)


@pytest.fixture
def enter(agent_here, at):
    def put(number: int, level: str = "") -> int:
        with acting(EVERYTHING):
            need = services.Need("PSYCHOLOGY", level=level)
            return services.enter_line(actor=agent_here, subject=("conversation", number), need=need, at=at)

    return put


@pytest.fixture
def offers(everything):
    return lambda: list(Offer.objects.filter(state="OPEN").values_list("account_id", "entry__subject_id"))


def test_entering_twice_waits_once(enter, everything):
    assert enter(1) == enter(1)
    assert WaitingEntry.objects.count() == 1


def test_whoever_becomes_ready_is_offered_what_waits(enter, agent_here, at, offers):
    enter(1)
    assert offers() == []
    ready(agent_here, at)
    assert offers() == [(agent_here.account_id, 1)]


def test_danger_overtakes_those_who_came_earlier(enter, agent_here, at, everything):
    enter(1)
    enter(2)
    services.raise_priority(subject=("conversation", 2), level="CRITICAL", at=at)
    line = WaitingEntry.objects.order_by("priority", "entered_at")
    assert [entry.subject_id for entry in line] == [2, 1]


def test_an_unanswered_offer_goes_to_the_next(enter, agent_here, leader_here, at, offers):
    ready(agent_here, at)
    enter(1)
    ready(leader_here, at)
    services.expire_offers(at=at + OFFER_LASTS)
    assert offers() == [(leader_here.account_id, 1)]


def test_a_silent_seat_lapses_and_loses_its_offers(enter, agent_here, at, offers):
    ready(agent_here, at)
    enter(1)
    late = at + HEARTBEAT_LASTS + timedelta(seconds=1)
    assert services.lapse_presences(at=late) == 1
    assert offers() == []
    assert Presence.objects.get().state == "OFFLINE"


def test_a_heartbeat_keeps_the_seat(enter, agent_here, at, everything):
    ready(agent_here, at)
    services.heartbeat(actor=agent_here, at=at + timedelta(seconds=30))
    assert services.lapse_presences(at=at + HEARTBEAT_LASTS) == 0


def test_nobody_gets_more_than_they_can_carry(enter, agent_here, at, offers):
    ready(agent_here, at)
    for number in range(5):
        enter(number + 1)
    assert len(offers()) == 3


def test_an_offer_is_accepted_once_and_only_by_whom_it_was_made(enter, agent_here, leader_here, at, everything):
    ready(agent_here, at)
    enter(1)
    offer = Offer.objects.get()
    with pytest.raises(NotFound):
        services.accept_offer(actor=leader_here, offer_id=offer.id, at=at)
    services.accept_offer(actor=agent_here, offer_id=offer.id, at=at)
    with pytest.raises(DomainError):
        services.accept_offer(actor=agent_here, offer_id=offer.id, at=at)


def test_a_hand_picked_entry_is_withdrawn_from_the_other(enter, agent_here, leader_here, at, offers):
    ready(agent_here, at)
    entry_id = enter(1)
    services.take_from_line(actor=leader_here, entry_id=entry_id, at=at)
    assert offers() == []
    assert Offer.objects.get().state == "WITHDRAWN"


def test_a_place_tells_position_and_who_is_there(enter, agent_here, at):
    enter(1)
    enter(2)
    place = selectors.place_of(("conversation", 2), at=at)
    assert (place.position, place.wait_seconds, place.ready) == (2, None, 0)
    ready(agent_here, at)
    assert selectors.place_of(("conversation", 2), at=at).wait_seconds is not None


def test_leaving_ends_the_wait(enter, agent_here, at, offers):
    ready(agent_here, at)
    enter(1)
    services.leave_line(actor=agent_here, subject=("conversation", 1), at=at)
    assert offers() == []
    assert selectors.place_of(("conversation", 1), at=at) is None


def test_another_province_sees_no_line(enter, agent_elsewhere):
    enter(1)
    with acting(agent_elsewhere.scope):
        assert list(selectors.line(agent_elsewhere)) == []
        assert not WaitingEntry.objects.exists()


def test_who_leaves_while_a_seat_is_chosen_does_not_come_back_as_a_ghost(enter, agent_here, at, offers, monkeypatch):
    from qingting.duty import rules

    enter(1)
    choose = rules.choose

    def choose_slowly(*given, **more):
        services.leave_line(actor=agent_here, subject=("conversation", 1), at=at)
        return choose(*given, **more)

    monkeypatch.setattr(rules, "choose", choose_slowly)
    ready(agent_here, at)
    assert offers() == []
    assert WaitingEntry.objects.get().state == "LEFT"
