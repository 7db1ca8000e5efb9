"""A case goes from 12355 to 110 and back, over a real line, also when the line is down."""

import json
from datetime import timedelta

import pytest

from deskwire.envelope import MessageType
from deskwire.moments import to_wire, utc_now
from policedesk.selectors import find_incident, history, list_incidents
from policedesk.services import Act, RefusedError
from policedesk.store import position_of
from policedesk.tests.peer import wait_for

pytestmark = pytest.mark.slow


def act(link_id, message_id="00000000-0000-4000-8000-000000000001"):
    return Act("110001", link_id, message_id)


def types_of(messages):
    return [str(message.type) for message in messages]


def test_the_incident_number_progress_and_result_come_back(parts, peer, deliver):
    link = peer.store.content
    handoff = peer.hand_off()
    deliver(handoff)
    number = parts.desk.acknowledge(act(handoff.link_id))
    parts.desk.report_progress(act(handoff.link_id, "00000000-0000-4000-8000-000000000002"), stage="ON_SCENE")
    parts.desk.report_result(
        act(handoff.link_id, "00000000-0000-4000-8000-000000000003"), outcome="PERSON_SAFE", reached=True
    )
    while parts.line.send_due():
        pass
    assert types_of(peer.applied()) == ["acknowledgement", "progress", "result"]
    taken, _, result = peer.applied()
    assert (taken.body["incidentNo"], taken.in_reply_to) == (number, handoff.message_id)
    assert result.body["officersReachedPerson"] is True
    assert link.links[handoff.link_id].state == find_incident(parts.database, handoff.link_id).state == "completed"


def test_incident_numbers_are_division_day_and_serial(parts, peer, deliver):
    numbers = []
    for _ in range(2):
        handoff = peer.hand_off()
        deliver(handoff)
        identity = f"00000000-0000-4000-8000-00000000000{len(numbers)}"
        numbers.append(parts.desk.acknowledge(act(handoff.link_id, identity)))
    assert [number[:6] + number[-4:] for number in numbers] == ["4401060001", "4401060002"]


def test_while_the_line_is_down_answers_wait_and_go_out_in_order_once(parts, peer, deliver, clock):
    handoff = peer.hand_off()
    deliver(handoff)
    keys = peer.keyring._paths[0]
    key = keys.read_text()
    keys.unlink()
    parts.desk.acknowledge(act(handoff.link_id))
    parts.desk.add_note(act(handoff.link_id, "00000000-0000-4000-8000-000000000002"), text="已联系物业")
    assert parts.line.send_due() == 0
    lines = [line for line in history(parts.database, handoff.link_id) if line.ours]
    assert [(line.delivery, line.error) for line in lines] == [("waiting", "desk-unknown"), ("waiting", "")]
    keys.write_text(key)
    assert parts.line.send_due() == 0, "not before its time"
    assert parts.line.feel_pulse().up
    assert [parts.line.send_due() for _ in range(3)] == [1, 1, 0]
    assert types_of(peer.applied()) == ["acknowledgement", "note"]


def test_the_line_is_shown_as_down_within_five_seconds_and_as_up_again(parts, peer, clock):
    assert parts.line.feel_pulse().up
    peer.close()
    clock.ahead += timedelta(seconds=4.5)
    assert parts.line.feel_pulse().up is False
    assert parts.line.current().why == "unreachable"


def test_a_call_that_hangs_does_not_keep_the_line_looking_well(parts, peer, clock):
    assert parts.line.feel_pulse().up
    clock.ahead += timedelta(seconds=5.1)
    assert parts.line.current().up is False


def test_what_12355_could_not_deliver_is_pulled(parts, peer):
    handoff = peer.hand_off()
    peer.say(MessageType.NOTE, {"text": "人在北塔"}, handoff.link_id)
    assert parts.line.pull() == 2
    assert parts.line.pull() == 0
    assert [line.message.body.get("text") for line in history(parts.database, handoff.link_id)] == [None, "人在北塔"]


def test_a_refused_message_holds_its_link_until_a_person_sends_it_again(parts, peer, deliver):
    handoff = peer.hand_off()
    deliver(handoff)
    parts.desk.acknowledge(act(handoff.link_id))
    parts.desk.add_note(act(handoff.link_id, "00000000-0000-4000-8000-000000000002"), text="补充")
    link = peer.store.content.links[handoff.link_id]
    del peer.store.content.links[handoff.link_id]
    assert parts.line.send_due() == 0
    assert parts.line.send_due() == 0
    line = next(line for line in history(parts.database, handoff.link_id) if line.ours)
    assert (line.delivery, line.error) == ("refused", "out-of-state")
    peer.store.content.links[handoff.link_id] = link
    parts.desk.send_again(handoff.link_id, line.message.message_id)
    assert [parts.line.send_due() for _ in range(3)] == [1, 1, 0]


def test_a_step_that_the_state_does_not_allow_is_refused_in_plain_words(parts, peer, deliver):
    handoff = peer.hand_off()
    deliver(handoff)
    with pytest.raises(RefusedError, match="状态"):
        parts.desk.report_progress(act(handoff.link_id), stage="ON_SCENE")
    parts.desk.acknowledge(act(handoff.link_id))
    with pytest.raises(RefusedError, match="状态"):
        parts.desk.acknowledge(act(handoff.link_id, "00000000-0000-4000-8000-000000000002"))


def test_a_second_click_is_the_same_message(parts, peer, deliver):
    handoff = peer.hand_off()
    deliver(handoff)
    parts.desk.acknowledge(act(handoff.link_id))
    parts.desk.add_note(act(handoff.link_id, "00000000-0000-4000-8000-000000000002"), text="补充")
    parts.desk.add_note(act(handoff.link_id, "00000000-0000-4000-8000-000000000002"), text="补充")
    assert len([line for line in history(parts.database, handoff.link_id) if line.ours]) == 2


def test_a_cancellation_by_12355_is_seen_at_once(parts, peer, deliver):
    handoff = peer.hand_off()
    deliver(handoff)
    deliver(
        peer.say(
            MessageType.CANCELLATION,
            {"reason": "RESOLVED", "text": "家属已接到", "operator": "s7"},
            handoff.link_id,
        )
    )
    incident = list_incidents(parts.database)[0]
    assert (incident.state, incident.open) == ("cancelled", False)


def test_urgent_and_untaken_stand_first(parts, peer, deliver):
    routine, urgent, critical, taken = (
        peer.hand_off(no, level) for no, level in ((14, "ROUTINE"), (9, "URGENT"), (1, "CRITICAL"), (2, "CRITICAL"))
    )
    for message in (routine, urgent, critical, taken):
        deliver(message)
    parts.desk.acknowledge(act(taken.link_id))
    order = [incident.link.link_id for incident in list_incidents(parts.database)]
    assert order == [m.link_id for m in (critical, urgent, routine, taken)]


def test_what_ended_cases_said_is_erased_when_its_time_is_over(parts, peer, deliver, clock):
    handoff = peer.hand_off()
    deliver(handoff)
    clock.ahead += timedelta(days=400)
    assert parts.desk.erase_expired() == 0, "an open case is never erased"
    clock.ahead -= timedelta(days=400)
    parts.desk.reject(act(handoff.link_id), reason="DUPLICATE", text="同一警情已在处置")
    parts.line.send_due()
    clock.ahead += timedelta(days=400)
    assert parts.desk.erase_expired() == 1
    incident = find_incident(parts.database, handoff.link_id)
    assert (incident.erased, incident.body) == (True, {})
    assert all(not json.dumps(dict(line.message.body)).strip("{}") for line in history(parts.database, handoff.link_id))


def test_the_loops_do_all_of_it_by_themselves(parts, peer, deliver):
    parts.line.start()
    try:
        wait_for(lambda: parts.line.current().up)
        handoff = peer.hand_off()
        wait_for(lambda: list_incidents(parts.database))
        parts.desk.acknowledge(act(handoff.link_id))
        began = utc_now()
        wait_for(lambda: types_of(peer.applied()) == ["acknowledgement"])
        assert (utc_now() - began).total_seconds() < 2, to_wire(began)
    finally:
        parts.line.stop()


@pytest.mark.parametrize("after", ["1-", "-", "9" * 60, "9" * 19, "1_0", "１", "0x1", " 1"])
def test_a_cursor_that_was_never_given_is_refused(after):
    with pytest.raises(ValueError, match="cursor"):
        position_of(after)
