"""However messages cross on the way, both desks come to the same state."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deskwire.envelope import MessageType
from deskwire.lifecycle import PERFORMER_MOVES, Role, State, after_receiving, delivered, may_send
from deskwire.problems import ProblemError
from deskwire.sending import Draft, new_link, write
from deskwire.tests.desks import NOW, POLICE, YOUTH, handoff_draft

pytestmark = pytest.mark.slow

AT = "2026-11-22T05:07:00Z"
BODIES = {
    MessageType.ACKNOWLEDGEMENT: {"operator": "440123"},
    MessageType.REJECTION: {"reason": "OTHER", "text": "不属本辖区", "operator": "440123"},
    MessageType.PROGRESS: {"stage": "DISPATCHED", "at": AT, "operator": "440123"},
    MessageType.CANCELLATION: {"reason": "RESOLVED", "text": "已脱险", "operator": "s7"},
    MessageType.NOTE: {"text": "补充"},
    MessageType.CALL_INVITE: {
        "purpose": "THREE_WAY_CALL",
        "room": {"uri": "sip:1@desk.test"},
        "validUntil": AT,
    },
}


def draft(type_, failed=False):
    body = BODIES.get(type_) or {
        "status": "failed" if failed else "completed",
        "outcome": "PERSON_SAFE",
        "officersReachedPerson": True,
        "at": AT,
        "operator": "440123",
    }
    return Draft(type_, body, in_reply_to="00000000-0000-4000-8000-000000000000")


class Side:
    def __init__(self, party, peer, link=None):
        self.party, self.link, self.inbox = party, link or new_link(peer), []

    def send(self, what, other):
        message, self.link = write(self.link, what, self.party, NOW)
        other.inbox.append(message)
        return message

    def read_one(self):
        self.link = after_receiving(self.link, self.inbox.pop(0))


def opened():
    youth = Side(YOUTH, POLICE)
    police = Side(POLICE, YOUTH, new_link(YOUTH, youth.link.link_id))
    youth.send(handoff_draft(), police)
    police.read_one()
    return youth, police


def test_the_ordinary_road_from_request_to_result():
    youth, police = opened()
    assert (youth.link.state, delivered(youth.link).state, police.link.state) == (
        "requested",
        "received",
        "received",
    )
    assert (youth.link.role, police.link.role) == (Role.REQUESTER, Role.PERFORMER)
    for type_, state in (
        ("acknowledgement", "accepted"),
        ("progress", "in-progress"),
        ("result", "completed"),
    ):
        police.send(draft(MessageType(type_)), youth)
        youth.read_one()
        assert (youth.link.state, police.link.state) == (state, state)
    assert MessageType.RESULT in may_send(police.link), "a later result corrects an earlier one"


@pytest.mark.parametrize("type_", [MessageType.PROGRESS, MessageType.RESULT, MessageType.CANCELLATION])
def test_the_performer_must_first_take_the_case(type_):
    _, police = opened()
    with pytest.raises(ProblemError, match="out-of-state"):
        police.send(draft(type_), police)


def test_the_requester_may_not_speak_for_the_performer():
    youth, police = opened()
    for type_ in (MessageType.ACKNOWLEDGEMENT, MessageType.RESULT, MessageType.HANDOFF):
        with pytest.raises(ProblemError, match="out-of-state"):
            youth.send(handoff_draft() if type_ is MessageType.HANDOFF else draft(type_), police)


def test_a_result_that_crosses_a_cancellation_stands_on_both_sides():
    youth, police = opened()
    police.send(draft(MessageType.ACKNOWLEDGEMENT), youth)
    police.send(draft(MessageType.RESULT), youth)
    youth.send(draft(MessageType.CANCELLATION), police)
    police.read_one()
    youth.read_one()
    assert youth.link.state is State.CANCELLED
    youth.read_one()
    assert youth.link.state is police.link.state is State.COMPLETED


steps = st.lists(
    st.tuples(st.sampled_from(["send", "read"]), st.booleans(), st.sampled_from(sorted(MessageType)), st.booleans()),
    max_size=30,
)


@settings(max_examples=300, deadline=None)
@given(steps)
def test_whatever_is_sent_legally_is_received_legally_and_both_agree(plan):
    youth, police = opened()
    for act, by_youth, type_, failed in plan:
        me, other = (youth, police) if by_youth else (police, youth)
        if act == "read" and me.inbox:
            me.read_one()
        elif act == "send" and type_ in may_send(me.link):
            me.send(draft(type_, failed), other)
    for side in (youth, police):
        while side.inbox:
            side.read_one()
    assert delivered(youth.link).state is police.link.state


def test_every_move_ends_in_a_known_state():
    assert {goal for goals in PERFORMER_MOVES.values() for goal in goals} <= set(State)
