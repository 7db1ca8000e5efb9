"""A call finds its person, is owned by one, is lost by nobody, and leaves no number behind."""

from datetime import timedelta

import pytest

from qingting.core.errors import DomainError, NotAllowed, NotFound
from qingting.core.ids import new_id
from qingting.core.models import Entry
from qingting.core.scope import EVERYTHING, acting
from qingting.duty.models import Engagement, Offer, Presence, WaitingEntry
from qingting.telephony import selectors, services
from qingting.telephony.models import Call, CallbackTask
from qingting.telephony.services import Arrival, Party, Wish
from qingting.telephony.states import ActState
from qingting.telephony.tests.conftest import sit_down

pytestmark = pytest.mark.django_db


def queue(call, at, **words):
    with acting(EVERYTHING):
        services.queue_call(call_id=call.id, at=at, **words)


def test_a_call_is_offered_to_a_seat_whose_telephone_would_ring(rings, ready, leader_here, at, everything):
    queue(rings(), at)
    assert [offer.account_id for offer in selectors.offers_to_ring()] == [ready.account_id]


def test_a_seat_without_telephone_is_offered_chats_only(rings, agent_here, at, everything):
    from qingting.duty.services import set_presence

    set_presence(actor=agent_here, state="READY", at=at)
    queue(rings(), at)
    assert selectors.offers_to_ring() == []


def test_who_is_on_a_call_is_offered_nothing_else(talking, rings, at, everything):
    queue(rings("13900139000"), at)
    assert selectors.offers_to_ring() == []
    assert WaitingEntry.objects.filter(state="WAITING").count() == 1


def test_answering_keeps_the_seat_busy(talking, everything):
    assert Engagement.objects.get(ended_at=None).subject_id == talking.id
    assert Call.objects.get().state == "TALKING"


def test_answering_twice_is_answering_once(talking, ready, at, everything):
    services.take_call(call_id=talking.id, account_id=ready.account_id, channel="seat-2", at=at)
    assert Engagement.objects.filter(ended_at=None).count() == 1


def test_a_lost_seat_keeps_the_call_and_its_owner(talking, ready, at, everything):
    services.lose_seat(call_id=talking.id, at=at)
    assert Call.objects.get().state == "RETURNING"
    services.take_call(call_id=talking.id, account_id=ready.account_id, channel="seat-2", at=at)
    call = Call.objects.get()
    assert (call.state, call.first_contact_owner_account_id) == ("TALKING", ready.account_id)


def test_whoever_gave_up_is_called_back_once(rings, at, everything):
    for _ in range(3):
        call = rings()
        queue(call, at)
        services.end_call(call_id=call.id, outcome="ABANDONED", at=at)
    task = CallbackTask.objects.get()
    assert (task.reason, task.state) == ("ABANDONED", "OPEN")
    assert not WaitingEntry.objects.filter(state="WAITING").exists()


def test_a_hidden_number_has_no_task_and_no_tail(rings, at, everything):
    call = rings("anonymous")
    services.end_call(call_id=call.id, outcome="ABANDONED", at=at)
    assert call.hidden
    assert not CallbackTask.objects.exists()


def test_a_callback_is_tried_three_times_and_spaced(rings, at, everything):
    call = rings()
    services.end_call(call_id=call.id, outcome="ABANDONED", at=at)
    task = CallbackTask.objects.get()
    for expected in ("OPEN", "OPEN", "GIVEN_UP"):
        services.note_attempt(task_id=task.id, outcome="NO_ANSWER", at=at)
        task.refresh_from_db()
        assert task.state == expected
    assert task.not_before > at


def test_no_number_stands_in_the_journal_or_in_the_clear(talking, at, everything):
    services.end_call(call_id=talking.id, outcome="TALKED", at=at)
    written = repr(list(Entry.objects.values("ids", "data", "channels"))) + repr(list(Call.objects.values()))
    assert "13800138000" not in written
    assert services.number_to_dial(Call.objects.get()) == "13800138000"


def test_danger_of_an_earlier_call_moves_the_next_to_the_front(talking, rings, ready, at, everything):
    with acting(ready.scope):
        services.note_danger(actor=ready, call_id=talking.id, level="CRITICAL", at=at)
    services.end_call(call_id=talking.id, outcome="TALKED", at=at)
    again = rings(moment=at + timedelta(days=1))
    queue(again, at + timedelta(days=1))
    assert WaitingEntry.objects.get(subject_id=again.id).danger_level == "CRITICAL"


def test_a_returning_caller_meets_whom_they_know(talking, rings, ready, leader_here, at, everything):
    services.end_call(call_id=talking.id, outcome="TALKED", at=at)
    again = rings()
    queue(again, at)
    assert WaitingEntry.objects.get(subject_id=again.id).preferred_account_id == ready.account_id


def test_after_a_call_there_is_time_to_write(talking, ready, at, everything):
    from qingting.duty.services import end_wrap_ups

    services.end_call(call_id=talking.id, outcome="TALKED", at=at)
    assert Presence.objects.get(account_id=ready.account_id).state == "WRAP_UP"
    assert end_wrap_ups(at=at + timedelta(minutes=3)) == 1
    assert Presence.objects.get(account_id=ready.account_id).state == "READY"


def test_a_call_passes_on_by_being_picked_up_only(talking, ready, leader_here, at, everything):
    sit_down(leader_here, at)
    with acting(ready.scope):
        act = services.ask_act(
            actor=ready, call_id=talking.id, wish=Wish("SEND_TO", to_account_id=leader_here.account_id), at=at
        )
    assert Call.objects.get().account_id == ready.account_id
    services.pass_on(call_id=talking.id, to_account_id=leader_here.account_id, channel="seat-9", at=at)
    services.settle_act(act_id=act.id, problem="", at=at)
    call = Call.objects.get()
    assert (call.account_id, call.first_contact_owner_account_id) == (leader_here.account_id, leader_here.account_id)
    assert Engagement.objects.get(ended_at=None).account_id == leader_here.account_id


def test_what_could_not_be_done_says_why(talking, ready, at, everything):
    with acting(ready.scope):
        act = services.ask_act(actor=ready, call_id=talking.id, wish=Wish("ADD_110"), at=at)
    services.settle_act(act_id=act.id, problem="对方没有接听。", at=at)
    act.refresh_from_db()
    assert (act.state, act.problem) == (ActState.REFUSED, "对方没有接听。")
    assert Entry.objects.get(name="telephony.act-ended").data["problem"] == "对方没有接听。"


def test_others_may_neither_see_nor_steer_a_call(talking, agent_elsewhere, tree, at):
    colleague = tree.person("COUNSELLOR", tree.station, "同事")
    for stranger in (agent_elsewhere, colleague):
        with acting(stranger.scope), pytest.raises((NotFound, NotAllowed)):
            services.ask_act(actor=stranger, call_id=talking.id, wish=Wish("HANG_UP"), at=at)


def test_only_a_leader_listens_in_and_the_journal_says_so(talking, ready, leader_here, at, everything):
    with pytest.raises(NotAllowed):
        services.ask_act(actor=ready, call_id=talking.id, wish=Wish("MONITOR", mode="LISTEN"), at=at)
    services.ask_act(actor=leader_here, call_id=talking.id, wish=Wish("MONITOR", mode="LISTEN"), at=at)
    party = Party("LEADER", "leader-1", leader_here.account_id, "LISTEN")
    services.join_leg(call_id=talking.id, party=party, at=at)
    assert Entry.objects.get(name="telephony.leader-joined").data["mode"] == "LISTEN"


def test_a_leader_who_only_listens_may_not_hang_up(talking, leader_here, at, everything):
    with pytest.raises(NotAllowed):
        services.ask_act(actor=leader_here, call_id=talking.id, wish=Wish("HANG_UP"), at=at)


def test_an_ended_call_can_no_longer_be_steered(talking, ready, at, everything):
    services.end_call(call_id=talking.id, outcome="TALKED", at=at)
    with pytest.raises(DomainError, match="已经结束"):
        services.ask_act(actor=ready, call_id=talking.id, wish=Wish("HOLD"), at=at)


def test_a_number_is_blocked_by_two_people_and_never_in_danger(talking, ready, leader_here, at, everything):
    block = services.propose_block(actor=ready, call_id=talking.id, words="反复骚扰", days=7, at=at)
    assert not selectors.blocked_numbers(at=at)
    services.agree_to_block(actor=leader_here, block_id=block.id, at=at)
    assert len(selectors.blocked_numbers(at=at)) == 1
    services.note_danger(actor=ready, call_id=talking.id, level="URGENT", at=at)
    assert not selectors.blocked_numbers(at=at)
    assert not selectors.blocked_numbers(at=at + timedelta(days=8))


def test_nobody_agrees_to_their_own_block(ready, rings, leader_here, at, everything):
    call = rings()
    services.queue_call(call_id=call.id, at=at)
    services.take_call(call_id=call.id, account_id=leader_here.account_id, channel="x", at=at)
    block = services.propose_block(actor=leader_here, call_id=call.id, words="反复骚扰", days=7, at=at)
    with pytest.raises(DomainError, match="自己"):
        services.agree_to_block(actor=leader_here, block_id=block.id, at=at)


def test_an_offer_that_a_seat_does_not_answer_goes_on(rings, ready, leader_here, at, everything):
    from qingting.telephony.services.declining import decline_for

    sit_down(leader_here, at)
    queue(rings(), at)
    (first,) = selectors.offers_to_ring()
    decline_for(account_id=first.account_id, offer_id=first.offer_id, at=at)
    (second,) = selectors.offers_to_ring()
    assert {first.account_id, second.account_id} == {ready.account_id, leader_here.account_id}
    assert Offer.objects.get(pk=first.offer_id).state == "DECLINED"


def test_a_call_ends_though_another_of_its_number_planned_the_callback_meanwhile(rings, at, everything, monkeypatch):
    first, second = rings(), rings()
    services.end_call(call_id=first.id, outcome="ABANDONED", at=at)
    look = CallbackTask.objects.filter

    def before_the_other_had_written(**words):
        rows = look(**words)
        answers = [None]
        monkeypatch.setattr(rows, "first", lambda: answers.pop() if answers else look(**words).first())
        return rows

    monkeypatch.setattr(CallbackTask.objects, "filter", before_the_other_had_written)
    services.end_call(call_id=second.id, outcome="ABANDONED", at=at)
    assert Call.objects.get(pk=second.pk).state == "ENDED"
    assert CallbackTask.objects.count() == 1


def test_a_call_waits_and_is_offered_from_its_first_moment(ready, line, at, everything):
    arrival = Arrival(new_id(), "asterisk", "channel-1", "12355", "13800138000")
    services.begin_waiting(arrival=arrival, at=at)
    assert [offer.call_id for offer in selectors.offers_to_ring()] == [arrival.call_id]


def test_notice_counts_as_given_once_it_was_heard(rings, line, at, everything):
    call = rings()
    assert selectors.manners_of([call.id])[call.id].notice_due
    services.note_notice(call_id=call.id, at=at)
    assert not selectors.manners_of([call.id])[call.id].notice_due
    assert Call.objects.get().notice_played_at == at


def test_the_key_for_law_lets_a_psychologist_off_and_keeps_the_place(ready, rings, at, everything):
    call = rings()
    queue(call, at)
    Presence.objects.update(skills=["PSYCHOLOGY"])
    services.choose_at_start(call_id=call.id, skill="LAW", at=at)
    assert selectors.offers_to_ring() == []
    entry = WaitingEntry.objects.get()
    assert (entry.state, entry.skill, entry.entered_at) == ("WAITING", "LAW", at)


def test_the_key_for_law_leaves_a_generalist_ringing(ready, rings, at, everything):
    call = rings()
    queue(call, at)
    Presence.objects.update(skills=["GENERAL"])
    services.choose_at_start(call_id=call.id, skill="LAW", at=at)
    assert len(selectors.offers_to_ring()) == 1


def test_whoever_calls_back_stands_in_the_call_once(ready, rings, at, everything):
    from qingting.telephony.services.outbound import begin_outbound

    missed = rings()
    services.end_call(call_id=missed.id, outcome="ABANDONED", at=at)
    task = CallbackTask.objects.get()
    act = services.ask_call_back(actor=ready, task_id=task.id, at=task.not_before)
    begin_outbound(call_id=new_id(), act_id=act.id, asterisk="asterisk", channel="seat-1", at=at)
    call = Call.objects.get(direction="OUT")
    services.take_call(call_id=call.id, account_id=ready.account_id, channel="seat-1", at=at)
    assert [leg.account_id for leg in selectors.legs_of(call)] == [ready.account_id]


def test_who_leaves_the_caller_to_110_wraps_up_at_once_and_is_not_disturbed_by_the_end(talking, ready, at, everything):
    services.join_leg(call_id=talking.id, party=Party("POLICE_110", "police-1"), at=at)
    services.leave_seat(call_id=talking.id, channel="seat-1", at=at)
    assert Presence.objects.get().state == "WRAP_UP"
    assert not Engagement.objects.filter(ended_at=None).exists()
    assert not selectors.my_calls(ready).exists()
    sit_down(ready, at)
    services.end_call(call_id=talking.id, outcome="TALKED", at=at)
    assert Presence.objects.get().state == "READY"


def test_a_call_that_ends_gives_its_seat_time_to_write_it_down(talking, at, everything):
    services.end_leg(call_id=talking.id, channel="seat-1", at=at)
    services.end_call(call_id=talking.id, outcome="TALKED", at=at)
    assert Presence.objects.get().state == "WRAP_UP"
