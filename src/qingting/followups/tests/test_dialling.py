"""What the telephone found comes back to the follow-up by itself, and its pause holds for the next click, too."""

from datetime import timedelta

import pytest

from qingting.core.errors import DomainError
from qingting.core.models import Entry
from qingting.core.scope import EVERYTHING, acting
from qingting.followups import services
from qingting.followups.models import FollowUp

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
