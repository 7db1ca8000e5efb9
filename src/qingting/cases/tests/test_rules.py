"""A number that people can quote, and a refusal that says which hold stands and what to do."""

from qingting.cases.rules import case_number, refusal_for
from qingting.cases.states import HOLD_ADVICE, HoldKind


def test_a_number_names_province_and_year():
    assert case_number("440000", 2026, 123) == "GD-2026-000123"


def test_the_seven_digit_case_of_a_year_still_gets_a_number():
    assert case_number("450000", 2026, 1_234_567) == "GX-2026-1234567"


def test_a_refusal_names_each_hold_once_with_its_count():
    refusal = refusal_for("结案", [HoldKind.ORDER_OPEN, HoldKind.HANDOFF_OPEN, HoldKind.ORDER_OPEN])
    assert refusal.message == "还不能结案：工单未办结（2项）、联动未反馈结果。"
    assert "办结工单" in refusal.do_next
    assert "电话催办" in refusal.do_next


def test_every_kind_of_hold_says_what_lifts_it():
    assert set(HOLD_ADVICE) == set(HoldKind)
