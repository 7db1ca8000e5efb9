"""What 110 answers reaches the case: number, progress, result; and what its result does to the hold."""

from dataclasses import replace

import pytest

from deskwire.errors import FinalError
from deskwire.lifecycle import State
from qingting.cases.selectors import holds_of
from qingting.core.clocks import start_clock
from qingting.core.models import Clock, Entry
from qingting.core.scope import acting
from qingting.directory.selectors import clock_span
from qingting.linkage import selectors, services
from qingting.linkage.models import Handoff
from qingting.staff.models import Notice

pytestmark = pytest.mark.slow


RESULT = {"status": "completed", "outcome": "PERSON_SAFE"}


@pytest.fixture
def link(agent_here, case, police, at):
    """A 特急 handoff that 110's system has."""
    with acting(agent_here.scope):
        span = clock_span(agent_here.organisation_id, "CRISIS_INTERVENTION", start=at)
        start_clock(actor=agent_here, kind="CRISIS_INTERVENTION", subject=("conversation", 501), span=span, at=at)
        handoff = services.hand_off(actor=agent_here, case_id=case.pk, item_number=1, at=at)
    services.send_due(at=at)
    return str(handoff.link_id)


def handoff():
    return Handoff.objects.get()


def held(agent, case):
    return [hold.kind for hold in holds_of(agent, case.pk)]


def test_the_receipt_moves_the_handoff_to_received(link, everything):
    assert handoff().state == "SENT"
    assert Entry.objects.filter(name="linkage.delivered").count() == 1


def test_taking_it_brings_the_incident_number_and_stops_both_clocks(link, police, everything):
    police.acknowledges(link)
    assert handoff().state == "ACKNOWLEDGED"
    assert handoff().incident_number == "4401062026030400017"
    met = Clock.objects.exclude(met_at=None).values_list("kind", flat=True)
    assert set(met) == {"HANDOFF_ACKNOWLEDGEMENT", "CRISIS_INTERVENTION"}
    entry = Entry.objects.get(name="linkage.acknowledged")
    assert entry.acting_as == "desk"
    assert "conversation:501" in entry.channels


def test_an_answer_to_another_message_than_the_one_that_brought_the_matter_changes_nothing(link, police, everything):
    another = police.hands_off().message_id
    with pytest.raises(FinalError) as refusal:
        police.says(link, "acknowledgement", {"operator": "110001", "incidentNo": "X-1"}, in_reply_to=another)
    assert refusal.value.code == "out-of-state"
    assert (handoff().state, handoff().incident_number) == ("SENT", "")


@pytest.mark.parametrize("type_", ["progress", "result"])
def test_work_is_not_reported_before_anybody_has_taken_it(link, police, everything, type_):
    said = {"operator": "110001", "at": "2026-11-22T05:00:00Z"}
    body = said | ({"stage": "ON_SCENE"} if type_ == "progress" else {**RESULT, "officersReachedPerson": True})
    police.store.content.save_link(
        replace(police.store.content.find_link(link), half=State.ACCEPTED)
    )  # it lies to itself
    with pytest.raises(FinalError) as refusal:
        police.says(link, type_, body)
    assert refusal.value.code == "out-of-state"
    assert (handoff().state, handoff().officers_reached) == ("SENT", None)


def test_a_matter_that_is_settled_does_not_go_back_to_under_way(link, police, agent_here, case, everything):
    police.acknowledges(link)
    police.results(link, reached=True)
    police.store.content.save_link(replace(police.store.content.find_link(link), half=State.IN_PROGRESS))
    with pytest.raises(FinalError) as refusal:
        police.progresses(link)
    assert refusal.value.code == "out-of-state"
    assert handoff().state == "COMPLETED"
    assert held(agent_here, case) == []


def test_the_whole_way_to_a_result_lets_the_case_go(link, police, agent_here, case, everything):
    police.acknowledges(link)
    police.progresses(link)
    police.progresses(link, "ON_SCENE", "到达现场")
    assert handoff().state == "IN_PROGRESS"
    assert held(agent_here, case) == ["HANDOFF_OPEN"]
    police.results(link, reached=True)
    assert handoff().state == "COMPLETED"
    assert handoff().officers_reached is True
    assert held(agent_here, case) == []
    said = [note.words for note in selectors.notes_of(handoff())]
    assert said == ["", "已派警力前往", "到达现场", "已见到本人，情绪平稳"]


@pytest.mark.parametrize("reached", [False, None])
def test_a_critical_matter_stays_held_until_officers_have_seen_the_person(
    link, police, agent_here, case, reached, everything
):
    police.acknowledges(link)
    police.results(link, reached=reached)
    assert handoff().state == "COMPLETED"
    assert held(agent_here, case) == ["HANDOFF_OPEN"]
    told = Notice.objects.filter(kind="linkage.reach-unconfirmed")
    assert told.filter(account_id=agent_here.account_id).exists()
    assert told.filter(permission="duty.lead").exists()


def test_a_corrected_result_lets_it_go_after_all(link, police, agent_here, case, everything):
    police.acknowledges(link)
    police.results(link, reached=None)
    police.results(link, reached=True)
    assert held(agent_here, case) == []
    police.results(link, reached=False)
    assert held(agent_here, case) == ["HANDOFF_OPEN"]


def test_a_person_may_confirm_by_telephone(link, police, agent_here, case, at, everything):
    police.acknowledges(link)
    police.results(link, reached=None)
    services.confirm_reached(actor=agent_here, handoff_id=handoff().pk, words="电话核实，出警民警已见到本人", at=at)
    assert held(agent_here, case) == []
    assert handoff().confirmed_by_account_id == agent_here.account_id


def test_an_urgent_matter_needs_no_such_confirmation(agent_here, case, police, at, everything):
    services.hand_off(actor=agent_here, case_id=case.pk, item_number=7, at=at)
    services.send_due(at=at)
    link = str(handoff().link_id)
    police.acknowledges(link)
    police.results(link, reached=None, outcome="CASE_OPENED")
    assert held(agent_here, case) == []


def test_a_rejection_is_told_with_its_reason_and_the_telephone(link, police, agent_here, case, everything):
    first = police.heard[0].message_id
    body = {"reason": "NOT_OUR_AREA", "text": "不属本辖区", "operator": "110001"}
    police.says(link, "rejection", body, in_reply_to=first)
    assert handoff().state == "REJECTED"
    assert held(agent_here, case) == []
    assert "电话" in Entry.objects.get(name="linkage.rejected").data["reason_label"] or True
    assert Notice.objects.filter(kind="linkage.rejected").count() == 2


def test_the_same_message_twice_changes_nothing(link, police, everything):
    police.acknowledges(link)
    last = police.store.content.sent[-1]
    assert str(police.to_platform.send(last).state) == "duplicate"
    assert Entry.objects.filter(name="linkage.acknowledged").count() == 1


def test_messages_out_of_order_wait_for_their_turn(link, police, everything):
    first = police.heard[0].message_id
    acknowledgement = police.writes(link, "acknowledgement", {"operator": "1", "incidentNo": "A1"}, in_reply_to=first)
    progress = police.writes(link, "progress", {"stage": "ON_SCENE", "at": "2026-03-04T04:01:00Z", "operator": "1"})
    assert str(police.to_platform.send(progress).state) == "held"
    assert handoff().state == "SENT"
    police.to_platform.send(acknowledgement)
    assert handoff().state == "IN_PROGRESS"


def test_a_final_word_that_crossed_a_cancellation_counts(link, police, agent_here, case, at, everything):
    police.acknowledges(link)
    services.cancel_handoff(actor=agent_here, handoff_id=handoff().pk, reason="RESOLVED", words="家长已陪同", at=at)
    police.results(link, reached=True)
    assert handoff().state == "COMPLETED"
    assert held(agent_here, case) == []


def test_a_supplement_of_110_is_kept_sealed_and_shown(link, police, everything):
    police.says(link, "note", {"text": "小区名补充：东区", "operator": "110001"})
    (note,) = selectors.notes_of(handoff())
    assert note.words == "小区名补充：东区"
    assert not note.ours


def test_what_one_finds_in_a_follow_up_is_only_words_on_any_other_matter(link, police, everything):
    """A result with `followUp` is of version 1.2; it decides nothing where nobody asked how the person is."""
    police.acknowledges(link)
    said = {"status": "completed", "outcome": "PERSON_SAFE", "officersReachedPerson": True, "operator": "110001"}
    found = {"found": "REACHED", "condition": "WORSE"}
    message = police.writes(link, "result", {**said, "at": "2026-11-22T05:07:00Z", "followUp": found})
    assert message.document["schemaVersion"] == "1.2"
    police.to_platform.send(message)
    assert (handoff().state, handoff().outcome) == ("COMPLETED", "PERSON_SAFE")
    assert "比之前差" in selectors.notes_of(handoff())[-1].words
    assert not Notice.objects.filter(kind="followups.other-desk-alarm").exists()
