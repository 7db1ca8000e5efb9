"""What is typed in haste is understood, and what is shown tells no more than it must."""

import pytest

from qingting.seekers import rules
from qingting.seekers.states import AgeBand, ConsentBasis, DatumKind


@pytest.mark.parametrize(
    "typed",
    [
        "13812345678",
        "138 1234 5678",
        "+86 138-1234-5678",
        "１３８１２３４５６７８",
        "0086 13812345678",
        "8613812345678",
    ],
)
def test_one_phone_typed_in_many_ways_is_one_phone(typed):
    assert rules.normalised(DatumKind.PHONE, typed) == "13812345678"


@pytest.mark.parametrize("typed", ["02012345678", "（020）8765-4321", "+85291234567", "4001234567"])
def test_landlines_and_numbers_from_abroad_can_be_kept(typed):
    value = rules.normalised(DatumKind.PHONE, typed)
    assert rules.problem_with(DatumKind.PHONE, value) == ""


@pytest.mark.parametrize("typed", ["", "1381234567", "不知道", "13812345678901"])
def test_a_phone_that_cannot_be_right_is_told(typed):
    assert rules.problem_with(DatumKind.PHONE, rules.normalised(DatumKind.PHONE, typed))


def test_an_id_number_is_checked_gently():
    value = rules.normalised(DatumKind.ID_NUMBER, "11010519491231002x")
    assert rules.problem_with(DatumKind.ID_NUMBER, value) == ""
    assert rules.id_number_adds_up(value)
    assert not rules.id_number_adds_up("110105194912310021")
    assert rules.problem_with(DatumKind.ID_NUMBER, "110105194912310021") == ""


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        (DatumKind.NAME, "张三", "张*"),
        (DatumKind.NAME, "欧阳小明", "欧***"),
        (DatumKind.PHONE, "13812345678", "138****5678"),
        (DatumKind.ID_NUMBER, "440106201001011234", "4401**********1234"),
        (DatumKind.ADDRESS, "广州市天河区某某路1号", "广州市天河区****"),
        (DatumKind.SCHOOL, "天河区第一中学", "天河***中学"),
        (DatumKind.WECHAT, "bamboo2010", "b********0"),
        (DatumKind.WECHAT, "abc", "***"),
    ],
)
def test_the_masked_form(kind, value, shown):
    assert rules.masked(kind, value) == shown


def test_a_masked_value_never_tells_the_whole():
    for kind in DatumKind:
        for value in ("一", "一二", "一二三", "12345", "1234567890123"):
            assert value not in rules.masked(kind, value) or len(value) == 1


@pytest.mark.parametrize(
    ("basis", "may"),
    [
        ([], False),
        ([ConsentBasis.SELF], False),
        ([ConsentBasis.GUARDIAN], True),
        ([ConsentBasis.LIFE_AT_STAKE], True),
        ([ConsentBasis.STATUTE], True),
    ],
)
def test_under_14_a_name_needs_a_ground(basis, may):
    assert rules.may_keep(AgeBand.FROM_6_TO_11, DatumKind.NAME, basis) is may


def test_the_guardian_can_always_be_reached_to_be_asked():
    assert rules.may_keep(AgeBand.FROM_6_TO_11, DatumKind.GUARDIAN_PHONE, [])


def test_from_14_on_and_for_unknown_age_nothing_more_is_asked():
    assert rules.may_keep(AgeBand.FROM_14_TO_17, DatumKind.NAME, [])
    assert rules.may_keep("", DatumKind.NAME, [])


def test_a_reason_does_not_become_a_copy_of_the_number():
    assert "13812345678" not in rules.without_numbers("回拨 １３８１２３４５６７８ 给家长")
