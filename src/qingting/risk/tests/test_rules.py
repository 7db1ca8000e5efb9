"""The worst answer wins, whatever the others say; and what is proposed can be read back to its reasons."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qingting.directory.states import Urgency
from qingting.risk import rules
from qingting.risk.states import QUESTIONS, UNKNOWN

ANSWERS = st.fixed_dictionaries(
    {name: st.sampled_from(sorted(question.answers)) for name, question in QUESTIONS.items()}
)
ONE_QUESTION = st.sampled_from(sorted(QUESTIONS))
UNTIMED = settings(deadline=None)  # a busy machine is no failure
CALM = {**dict.fromkeys(QUESTIONS, "NONE"), "company": "WITH_SOMEONE"}


def level(**answers):
    return rules.propose({**CALM, **answers}).level


def item(**answers):
    return rules.propose({**CALM, **answers}).item


@UNTIMED
@given(ANSWERS, ONE_QUESTION)
def test_a_worse_answer_never_lowers_the_level(answers, name):
    order = QUESTIONS[name].order
    levels = [rules.severity(rules.propose({**answers, name: answer}).level) for answer in order]
    assert levels == sorted(levels)


@UNTIMED
@given(ANSWERS, ONE_QUESTION)
def test_not_asked_yet_never_counts_less_than_no(answers, name):
    least = {**answers, name: QUESTIONS[name].order[0]}
    unasked = {**answers, name: UNKNOWN}
    assert rules.severity(rules.propose(unasked).level) >= rules.severity(rules.propose(least).level)


@UNTIMED
@given(ANSWERS)
def test_every_level_has_its_reasons(answers):
    proposal = rules.propose(answers)
    if proposal.level != Urgency.ROUTINE:
        assert proposal.reasons[0].level == proposal.level
    assert all(reason.question and reason.answer and reason.why for reason in proposal.reasons)


@UNTIMED
@given(ANSWERS)
def test_an_item_is_proposed_for_what_the_list_calls_critical_only(answers):
    proposal = rules.propose(answers)
    assert proposal.item in (None, 1, 2, 3)
    if proposal.item is not None:
        assert proposal.level == Urgency.CRITICAL


def test_item_1_is_a_concrete_plan_within_24_hours():
    assert item(plan="CONCRETE", timing="WITHIN_24_HOURS") == 1
    assert item(plan="CONCRETE", timing="LATER") is None
    assert item(plan="VAGUE", timing="WITHIN_24_HOURS") is None


def test_item_2_is_under_way_or_just_done():
    assert item(timing="UNDER_WAY") == 2
    assert item(plan="CONCRETE", timing="UNDER_WAY") == 2


def test_item_3_is_a_plan_to_harm_others():
    assert item(harm_to_others="PLAN") == 3
    assert item(harm_to_others="THOUGHTS") is None


@pytest.mark.parametrize(
    ("answers", "proposed"),
    [
        ({}, "ROUTINE"),
        ({"ideation": "PASSIVE"}, "ROUTINE"),
        ({"ideation": "ACTIVE"}, "URGENT"),
        ({"plan": "VAGUE"}, "URGENT"),
        ({"previous_attempts": "RECENT"}, "URGENT"),
        ({"company": "WITH_ABUSER"}, "URGENT"),
        ({"company": "ALONE"}, "ROUTINE"),
        ({"intent": "DETERMINED", "means": "AT_HAND"}, "CRITICAL"),
        ({"plan": "CONCRETE", "ideation": "ACTIVE", "timing": "LATER"}, "URGENT"),
        ({"plan": "CONCRETE", "ideation": "ACTIVE", "timing": "UNKNOWN"}, "CRITICAL"),
    ],
)
def test_the_proposal(answers, proposed):
    assert level(**answers) == proposed


def test_what_was_not_asked_is_listed():
    assert rules.propose({**CALM, "means": UNKNOWN}).unasked == ("工具",)
    assert len(rules.propose({}).unasked) == len(QUESTIONS)


def test_lowering_needs_words():
    assert rules.needs_words("ROUTINE", proposed="URGENT")
    assert rules.needs_words("URGENT", proposed="ROUTINE", machine="CRITICAL")
    assert not rules.needs_words("CRITICAL", proposed="URGENT", machine="CRITICAL")
    assert not rules.needs_words("ROUTINE", proposed="ROUTINE", machine="")


def test_the_table_names_only_answers_that_exist():
    for rule in rules.table().rules:
        assert rule.level in Urgency.values
        for name, least in rule.at_least.items():
            assert least in QUESTIONS[name].order
    assert rules.table().source
