"""Passwords that hold, locks that grow, codes that work once."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingting.staff import credentials, rules
from qingting.staff.rules import Progress

NOON = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.mark.parametrize(
    ("new", "word"),
    [
        ("短密码", "12"),
        ("x" * 200, "128"),
        ("lanlan-2026-li", "用户名"),
        ("Password-1234!", "常见"),
        ("woaizhongguo123", "常见"),
        ("aaaaaaaabbbbbb", "重复"),
        ("123456789012345", "连续"),
        ("竹影-潮汐-1935-缓慢!", "原密码"),
    ],
)
def test_a_weak_password_is_refused_with_its_reason(new, word):
    faults = rules.password_faults(
        new, username="lanlan", old="竹影-潮汐-1935-缓慢", common=credentials.common_passwords()
    )
    assert any(word in fault for fault in faults)


def test_four_unrelated_words_are_a_good_password():
    common = credentials.common_passwords()
    assert rules.password_faults("灯塔 橘子 旧书 晚风 河", username="lanlan", common=common) == []


@given(st.text(max_size=11))
def test_nothing_shorter_than_twelve_passes(text):
    assert rules.password_faults(text, username="lanlan")


def test_locks_begin_at_the_fifth_failure_and_double_up_to_an_hour():
    spans = [rules.lock_for(failures) for failures in (4, 5, 6, 7, 11, 1000)]
    assert spans == [None, *(timedelta(minutes=m) for m in (1, 2, 4, 60, 60))]


@given(st.integers(min_value=0, max_value=5000))
def test_a_further_failure_never_shortens_a_lock(failures):
    none = timedelta(0)
    assert (rules.lock_for(failures + 1) or none) >= (rules.lock_for(failures) or none)


@pytest.mark.parametrize(("seconds", "taken"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_code_is_taken_one_step_around_its_own(at, seconds, taken):
    step = int(at.timestamp()) // rules.STEP_SECONDS
    code = rules.code_of_step(SECRET, step)
    found = rules.matching_step(SECRET, code, at + timedelta(seconds=seconds))
    assert found == (step if taken else None)


@given(st.text(max_size=12))
def test_whatever_is_typed_as_a_code_is_only_right_or_wrong(text):
    rules.matching_step(SECRET, text, NOON)


@pytest.mark.parametrize(
    ("progress", "step"),
    [
        (Progress(False, False, True, False), "enrol"),
        (Progress(True, False, True, False), "second-factor"),
        (Progress(True, True, True, True), "password"),
        (Progress(True, True, False, False), "posts"),
        (Progress(True, True, False, True), ""),
    ],
)
def test_the_steps_of_signing_in_come_in_order(progress, step):
    assert rules.next_step(progress) == step


def test_a_recovery_code_may_be_typed_as_people_type():
    assert rules.normal_recovery_code(" abcde-fghjk ") == "ABCDEFGHJK"


@pytest.mark.parametrize("username", ["ab", "Admin", "a b c", "-abc", "a" * 61, "李岚"])
def test_odd_usernames_are_refused(username):
    assert not rules.is_username(username)


def test_a_device_is_named_as_its_owner_knows_it():
    assert rules.device_name("Mozilla/5.0 (Windows NT 10.0) Chrome/140 Edg/140") == "Windows · Edge"
    assert rules.device_name("") == "其他系统 · 其他浏览器"
