"""Numbers, hours, floods and announcements, without a database."""

from datetime import UTC, datetime, time, timedelta

import pytest

from qingting.telephony import rules


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("+86 138-0013-8000", "13800138000"),
        ("8613800138000", "13800138000"),
        ("02012355", "02012355"),
        ("anonymous", ""),
        ("", ""),
        ("1" * 40, ""),
    ],
)
def test_equal_numbers_are_kept_alike(given, kept):
    assert rules.clean_number(given) == kept


def test_a_page_sees_two_digits_at_most():
    assert rules.masked(rules.tail("13800138000"), hidden=False) == "*********00"
    assert rules.masked(rules.tail("110"), hidden=False) == "短号码"
    assert rules.masked("", hidden=True) == "未显示号码"


def test_a_flood_from_one_number_leaves_the_line_to_all_others():
    flood = rules.Flood()
    let_in = sum(flood.lets_in(b"one", limit=6, moment=n * 0.006) for n in range(10_000))
    assert let_in == 6
    assert flood.lets_in(b"another", limit=6, moment=60.0)
    assert flood.lets_in(b"one", limit=6, moment=180.0)


@pytest.mark.parametrize(
    ("opens", "closes", "moment", "staffed"),
    [
        (None, None, time(3), True),
        (time(9), time(21), time(8, 59), False),
        (time(9), time(21), time(9), True),
        (time(21), time(9), time(23), True),
        (time(21), time(9), time(12), False),
    ],
)
def test_hours_may_pass_midnight(opens, closes, moment, staffed):
    assert rules.is_staffed(opens, closes, moment) is staffed


def test_attempts_are_spaced_and_end():
    at = datetime(2026, 3, 4, tzinfo=UTC)
    assert rules.next_attempt(1, at) == at + timedelta(minutes=10)
    assert rules.next_attempt(3, at) is None


def test_the_place_is_told_in_prompts_that_exist():
    from pathlib import Path

    sounds = Path(rules.__file__).parent / "sounds"
    for language in ("zh", "yue", "en"):
        for position in (1, 2, 7, 100):
            for wait in (None, 10, 100, 9000):
                for prompt in rules.position_prompts(position, wait):
                    assert (sounds / language / f"{prompt}.alaw").exists()
