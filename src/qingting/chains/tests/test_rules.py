"""Where a chain stands follows from each party's own acts, whatever crossed on its way."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from uuid import UUID

import pytest

from qingting.chains import rules
from qingting.chains.states import ACTS, READS_PERSON, STAGES, TELLS, WATCHES, Role, Stage, Standing
from qingting.directory.states import ClockKind

STANDINGS_OF = {
    Role.ORIGIN: ["SILENT", "RAISED", "WITHDRAWN", "DRILLED"],
    Role.DESTINATION: [
        "SILENT", "TAKEN", "REFUSED", "UNDER_WAY", "NOT_FOUND", "REACHED", "SETTLED", "AFTERCARE", "DONE",
    ],
    Role.NATIONAL: ["SILENT", "SUPERVISING", "REDIRECTED", "SIGNED_OFF"],
    Role.CENTRE: ["SILENT", "ASSISTING", "DECLINED", "LEFT"],
}  # fmt: skip
ROAD = [
    ("ORIGIN", "RAISE"), ("NATIONAL", "SUPERVISE"), ("DESTINATION", "ACCEPT"), ("DESTINATION", "SET_OUT"),
    ("DESTINATION", "REACH"), ("DESTINATION", "SETTLE"), ("DESTINATION", "BEGIN_CARE"), ("DESTINATION", "VISIT"),
    ("DESTINATION", "FINISH"), ("NATIONAL", "SIGN_OFF"),
]  # fmt: skip


def told(order):
    """The standings after acts in this order; an act that its author could not do fails the test."""
    standings = rules.at_the_start()
    for author, code in order:
        target = rules.target_of(ACTS[code], standings[author])
        assert target is not None, f"{author} could not {code}"
        standings[author] = target
    return standings


def test_every_standing_is_reached_and_left_by_an_act_of_its_own_party():
    for role, names in STANDINGS_OF.items():
        mine = [act for act in ACTS.values() if act.role == role]
        assert {act.target for act in mine if act.target} | {"SILENT"} == set(names)
        assert set().union(*(act.sources for act in mine)) <= set(names)


@pytest.mark.parametrize("act", ACTS.values(), ids=lambda act: act.code)
@pytest.mark.parametrize("standing", list(Standing))
def test_an_act_leads_on_from_its_sources_and_from_nowhere_else(act, standing):
    target = rules.target_of(act, standing)
    assert (target is not None) == (standing in act.sources)


def test_the_five_links_are_done_one_after_the_other():
    seen = []
    for end in range(1, len(ROAD) + 1):
        standings = told(ROAD[:end])
        seen.append((rules.stage_of(standings), len(rules.done_stages(standings))))
    assert [stage for stage, _ in seen] == [
        Stage.SUPERVISION, Stage.PASSING_ON, Stage.ON_SITE, Stage.ON_SITE, Stage.REPORTING, Stage.AFTERCARE,
        Stage.AFTERCARE, Stage.AFTERCARE, Stage.AFTERCARE, Stage.OVER,
    ]  # fmt: skip
    assert [done for _, done in seen] == [0, 1, 2, 2, 3, 4, 4, 4, 5, 5]
    assert rules.done_stages(told(ROAD)) == set(STAGES)


def test_however_the_parties_words_cross_every_house_comes_to_the_same_state():
    by_author = {role: [step for step in ROAD if step[0] == role] for role in Role}
    mine = [steps for steps in by_author.values() if steps]
    states = {tuple(sorted(told([s for part in order for s in part]).items())) for order in permutations(mine)}
    assert len(states) == 1


def test_whoever_reached_the_person_outweighs_a_withdrawal_that_crossed_it():
    before = [("ORIGIN", "RAISE"), ("DESTINATION", "ACCEPT"), ("ORIGIN", "WITHDRAW")]
    assert rules.stage_of(told(before)) == Stage.WITHDRAWN
    assert rules.stage_of(told([*before, ("DESTINATION", "REACH")])) == Stage.REPORTING


@pytest.mark.parametrize("ending", ["WITHDRAWN", "REDIRECTED", "SIGNED_OFF"])
def test_when_it_is_over_only_taking_back_is_left(ending):
    standings = {**rules.at_the_start(), "ORIGIN": "RAISED", "NATIONAL": "SUPERVISING"}
    standings["ORIGIN" if ending == "WITHDRAWN" else "NATIONAL"] = ending
    left = {act.code for role in Role for act in rules.acts_open_to(role, standings, centre_asked=True)}
    assert left <= {"RENEW", "TAKE_BACK", "REOPEN"}
    assert left
    assert not rules.running("NATIONAL", standings)


def test_nothing_is_signed_off_before_the_care_has_ended_nor_withdrawn_after_the_person_was_reached():
    standings = told(ROAD[:5])
    assert not rules.may_act(ACTS["SIGN_OFF"], standings)
    assert not rules.may_act(ACTS["WITHDRAW"], standings)
    assert rules.may_act(ACTS["SIGN_OFF"], told(ROAD[:9]))


def test_a_centre_acts_only_where_it_was_asked_and_another_is_asked_only_when_it_has_left():
    standings = told(ROAD[:3])
    assert not rules.acts_open_to(Role.CENTRE, standings)
    assert {act.code for act in rules.acts_open_to(Role.CENTRE, standings, centre_asked=True)} == {"ASSIST", "DECLINE"}
    assert not rules.may_act(ACTS["ASK_CENTRE"], standings, centre_asked=True)
    assert rules.may_act(ACTS["ASK_CENTRE"], {**standings, "CENTRE": "DECLINED"}, centre_asked=True)


def test_every_author_is_heard_by_all_others_once_a_centre_is_asked():
    for author in Role:
        reached, knows = {author}, [author]
        while knows:
            holder = knows.pop()
            fresh = set(rules.readers_of(holder, author, centre_asked=True)) - reached
            reached |= fresh
            knows += fresh
        assert reached == set(Role), author


def test_a_centre_and_the_nation_never_read_private_words():
    assert {Role.ORIGIN, Role.DESTINATION} == READS_PERSON
    private = [act for act in ACTS.values() if act.private]
    assert {act.code for act in private} == {"RAISE", "SUPPLEMENT"}
    assert not any(rules.reads_words(role, act) for act in private for role in (Role.NATIONAL, Role.CENTRE))
    assert all(Role.CENTRE not in told_ for (holder, _), told_ in TELLS.items() if holder != Role.NATIONAL)


def test_while_a_chain_lives_somebody_s_clock_runs_in_every_state_of_the_destination():
    for there in STANDINGS_OF[Role.DESTINATION]:
        standings = {**rules.at_the_start(), "ORIGIN": "RAISED", "NATIONAL": "SUPERVISING", "DESTINATION": there}
        assert any(rules.running(role, standings) for role in Role), there
    assert {watch.kind for watch in WATCHES} <= set(ClockKind.values)


def test_only_an_exercise_can_be_ended_by_a_word():
    assert not rules.may_act(ACTS["END_DRILL"], told(ROAD[:3]))
    assert rules.may_act(ACTS["END_DRILL"], told(ROAD[:3]), drill=True)
    assert "END_DRILL" not in {act.code for act in rules.acts_open_to("ORIGIN", told(ROAD[:3]))}
    assert rules.stage_of(told([*ROAD[:5], ("ORIGIN", "END_DRILL")])) == Stage.DRILLED


def test_what_took_how_long_is_measured_from_the_first_act_to_the_first_answer():
    start = datetime(2026, 11, 22, 3, tzinfo=UTC)
    story = [rules.Told("RAISE", start), rules.Told("ACCEPT", start + timedelta(minutes=3, seconds=12))]
    story.append(rules.Told("REPORT", start + timedelta(minutes=9)))
    found = {part.what.label: part.seconds for part in rules.taken(story)}
    assert found["从发起到签收"] == 192
    assert found["从签收到出动"] is None


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0秒"), (45, "45秒"), (192, "3分12秒"), (3600, "1小时"), (3605, "1小时"), (180000, "2天2小时")],
)
def test_a_span_is_said_by_its_two_largest_units(seconds, words):
    assert rules.how_long(seconds) == words


def test_a_number_needs_no_other_house():
    assert rules.chain_number("440000", UUID(int=0xABCD << 112), "20261122") == "KS20261122-44-ABCD"
    exercise = rules.chain_number("440000", UUID(int=0xABCD << 112), "20261122", drill=True)
    assert exercise == "YL20261122-44-ABCD"
