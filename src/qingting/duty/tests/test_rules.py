"""Fairness and danger first, without a database."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from qingting.duty.rules import Candidate, Need, choose, estimated_wait

NOON = datetime(2026, 3, 4, 4, tzinfo=UTC)


def person(account_id: int, *, load: int = 0, idle: int = 0, skills: tuple[str, ...] = ("PSYCHOLOGY",)) -> Candidate:
    return Candidate(account_id, frozenset(skills), load, 3, NOON - timedelta(minutes=idle))


def pick(*people: Candidate, skill="PSYCHOLOGY", refused=(), **more):
    chosen = choose(people, Need(skill, **more), refused=refused)
    return chosen.account_id if chosen else None


def test_who_is_idle_longest_is_asked_first():
    assert pick(person(1, idle=1), person(2, idle=9)) == 2


def test_a_returning_seeker_meets_whom_they_know():
    assert pick(person(1, idle=9), person(2, idle=1), preferred=2) == 2


def test_who_just_declined_is_not_asked_again():
    assert pick(person(1), refused={1}) is None


def test_a_full_seat_is_left_alone():
    assert pick(person(1, load=3)) is None


def test_a_lawyer_is_not_asked_for_psychology_unless_life_is_at_stake():
    lawyer = person(1, skills=("LAW",))
    assert pick(lawyer) is None
    assert pick(lawyer, level="URGENT") == 1


def test_a_generalist_serves_everything():
    assert pick(person(1, skills=("GENERAL",)), skill="LAW") == 1


def test_whoever_speaks_the_language_comes_first_and_nobody_waits_for_it_alone():
    mandarin, cantonese = person(1, idle=9), person(2, skills=("PSYCHOLOGY", "CANTONESE"))
    assert pick(mandarin, cantonese) == 1
    assert pick(mandarin, cantonese, language="yue") == 2
    assert pick(mandarin, language="yue") == 1


def test_without_anybody_at_a_seat_no_wait_is_made_up():
    assert estimated_wait(1, [10.0], 0) is None


@given(st.integers(1, 50), st.lists(st.floats(0, 3600), max_size=30), st.integers(1, 20))
def test_a_later_place_never_waits_less(position, waits, ready):
    here, behind = estimated_wait(position, waits, ready), estimated_wait(position + 1, waits, ready)
    assert here is not None
    assert behind is not None
    assert behind >= here >= 5
