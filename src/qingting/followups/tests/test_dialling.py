"""What the telephone found comes back to the follow-up by itself, and its pause holds for the next click, too."""

from datetime import timedelta

import pytest

from qingting.core.actors import system_for
from qingting.core.errors import DomainError
from qingting.core.ids import new_id
from qingting.core.models import Entry
from qingting.core.scope import EVERYTHING, acting
from qingting.followups import services
from qingting.followups.models import FollowUp
from qingting.seekers.models import PersonalDatum, Seeker
from qingting.seekers.services import store_datum
from qingting.telephony.models import CallbackTask
from qingting.telephony.services import note_attempt
from qingting.telephony.services.outbound import begin_outbound

pytestmark = pytest.mark.django_db
TASK = 4711


@pytest.fixture
def dialled(follow_up, at):
    """`dialled(outcome)`: a call for the follow-up has ended so."""
    with acting(EVERYTHING):
        FollowUp.objects.filter(pk=follow_up.pk).update(callback_task_id=TASK)

    def end(outcome: str, task: int = TASK) -> FollowUp:
        services.note_dialled(task_id=task, outcome=outcome, outcome_label=outcome.lower(), at=at)
        with acting(EVERYTHING):
            return FollowUp.objects.get(pk=follow_up.pk)

    return end


@pytest.mark.parametrize("outcome", ["BUSY", "DECLINED", "NO_ANSWER", "UNREACHABLE", "LOST"])
def test_not_reached_is_an_attempt_and_the_next_click_waits(dialled, caller, outcome, at):
    after = dialled(outcome)
    assert after.attempts == 1
    assert after.not_before > at
    with acting(caller.scope), pytest.raises(DomainError) as refused:
        services.call_person(actor=caller, follow_up_id=after.pk, at=at + timedelta(minutes=1))
    assert refused.value.code == "followups.too-soon"
    with acting(EVERYTHING):
        told = Entry.objects.filter(case_id=after.case_id, name="followups.dialled")
        assert told.get().data["outcome"] == outcome


def test_reached_is_no_attempt_the_person_s_words_are_still_to_be_written_down(dialled):
    after = dialled("TALKED")
    assert (after.attempts, after.state) == (0, "DUE")


def test_a_callback_for_something_else_touches_no_follow_up(dialled):
    assert dialled("BUSY", task=12).attempts == 0


@pytest.fixture
def rings_nobody(monkeypatch):
    """The caller's own seat would ring; no engine is asked."""
    monkeypatch.setattr("qingting.telephony.services.acts.seat_telephone", lambda _account: object())


@pytest.fixture
def left_a_number(follow_up, at):
    """The person came by chat, and their number stands in the vault."""
    with acting(EVERYTHING):
        case = follow_up.case
        Seeker.objects.create(
            id=case.seeker_id, organisation_id=case.organisation_id, province=case.province, created_at=at
        )
        house = system_for(case.organisation_id, case.province)
        store_datum(actor=house, seeker_id=case.seeker_id, kind="PHONE", value="13800138000", at=at)
    return follow_up


def test_somebody_who_wrote_and_left_a_number_is_called_by_one_click(left_a_number, caller, rings_nobody, at):
    with acting(caller.scope):
        assert services.may_dial(left_a_number)
        act = services.call_person(actor=caller, follow_up_id=left_a_number.pk, at=at)
    with acting(EVERYTHING):
        task = CallbackTask.objects.get()
        assert (task.call_id, task.reason, task.shown_number) == (None, "FOLLOW_UP", "*********00")
        reach = begin_outbound(call_id=new_id(), act_id=act, asterisk="asterisk", channel="seat-1", at=at)
        assert (reach.leg, reach.number, reach.informs) == ("CALLER", "13800138000", True)
        told = Entry.objects.filter(name="seekers.datum-unmasked").get()
        assert told.data["reason_label"] == "回访"
        assert "13800138000" not in str(list(Entry.objects.values_list("data", "ids")))
        note_attempt(task_id=task.pk, outcome="BUSY", at=at)
        task.refresh_from_db()
        assert (task.state, task.number_sealed) == ("CLOSED", None), "the number is forgotten with the task"
        assert FollowUp.objects.get(pk=left_a_number.pk).attempts == 1


def test_somebody_who_left_no_number_can_t_be_called_and_it_says_what_to_do(follow_up, caller, at):
    with acting(EVERYTHING):
        PersonalDatum.objects.filter(kind="PHONE").delete()
    with acting(caller.scope), pytest.raises(DomainError) as refused:
        services.call_person(actor=caller, follow_up_id=follow_up.pk, at=at)
    assert refused.value.code == "followups.call.no-number"
    assert "登记" in refused.value.do_next
