"""A form takes what was said and guesses nothing."""

import pytest

from qingting.contacts import rules


def test_what_was_not_asked_stays_empty():
    values, problems = rules.cleaned({"gender": "", "follow_up_wanted": "", "special_groups": []})
    assert values == {"gender": "", "follow_up_wanted": None, "special_groups": []}
    assert problems == {}


@pytest.mark.parametrize(
    "wrong",
    [
        {"caller_kind": "NOBODY"},
        {"special_groups": ["LEFT_BEHIND", "STARS"]},
        {"declared_division": "天河"},
        {"follow_up_wanted": "maybe"},
        {"summary": "字" * (rules.SUMMARY_LONGEST + 1)},
    ],
)
def test_what_cannot_be_stored_is_named(wrong):
    assert set(rules.cleaned(wrong)[1]) == set(wrong)


def test_a_name_sent_along_never_reaches_the_draft():
    assert rules.only_known({"name": "陈小雨", "PHONE": "13812345678", "summary": "…"}) == {"summary": "…"}


def test_missing_fields_come_in_the_order_of_the_form():
    assert rules.missing({"caller_kind": "SELF"}) == ["risk_level", "category", "summary"]


def test_stored_values_go_back_into_the_form():
    stored = dict.fromkeys(rules.FIELDS, "") | {"follow_up_wanted": False}
    assert rules.as_typed(stored)["follow_up_wanted"] == rules.NO


def test_every_field_has_a_label():
    assert set(rules.LABELS) == set(rules.FIELDS)
