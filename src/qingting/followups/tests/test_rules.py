"""Links that nobody guesses, a third person, and what counts as low."""

import pytest

from qingting.followups.rules import digest, fresh_token, is_low, is_third_person, may_give_up


def test_a_link_carries_at_least_128_random_bits():
    tokens = {fresh_token() for _ in range(50)}
    assert len(tokens) == 50
    assert all(len(token) * 6 >= 128 for token in tokens)


def test_only_a_digest_recognises_it():
    assert len(digest("x")) == 32
    assert digest("x") != digest("y")


@pytest.mark.parametrize(("account", "third"), [(1, False), (2, False), (3, True)])
def test_who_took_part_does_not_follow_up(account, third):
    assert is_third_person(account, {1, 2}) is third


@pytest.mark.parametrize(
    ("score", "helped", "low"),
    [(1, "YES", True), (2, "", True), (3, "NO", True), (3, "PARTLY", False), (5, "YES", False)],
)
def test_low_is_two_or_less_or_no_help(score, helped, low):
    assert is_low(score, helped) is low


@pytest.mark.parametrize(("attempts", "may"), [(0, False), (2, False), (3, True)])
def test_three_attempts_before_giving_up(attempts, may):
    assert may_give_up(attempts) is may
