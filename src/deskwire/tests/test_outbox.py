"""Undelivered messages go out in order, soon after the line is back, and never faster than asked."""

from datetime import timedelta

import pytest

from deskwire.outbox import Backoff, Waiting, delay, sendable
from deskwire.tests.desks import NOW


def test_waits_grow_to_the_cap_and_jitter_spreads_them():
    assert [delay(n, 0.999999) for n in (1, 2, 3, 4, 5, 6, 40)] == pytest.approx([0.5, 1, 2, 4, 8, 15, 15], rel=1e-5)
    assert delay(3, 0.0) == 1.0
    assert delay(10_000, 0.5, Backoff(cap=30)) == 22.5


def test_the_other_desk_s_wish_is_a_lower_bound():
    assert delay(1, 0.0, retry_after=7) == 7
    assert delay(40, 0.0, retry_after=1) == 7.5


def test_only_the_oldest_of_a_link_goes_and_only_when_due():
    later = NOW + timedelta(seconds=1)
    waiting = [
        Waiting(4, "b", NOW),
        Waiting(1, "a", later),
        Waiting(2, "a", NOW),
        Waiting(3, "c", NOW, refused=True),
        Waiting(5, "c", NOW),
    ]
    assert [item.position for item in sendable(waiting, NOW)] == [4]
    assert [item.position for item in sendable(waiting, later)] == [1, 4]
