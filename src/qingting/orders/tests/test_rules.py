"""Numbers, who reviews, and what the table of moves promises."""

import pytest

from qingting.orders.events import EVENT_OF_ACT
from qingting.orders.rules import order_number, reviewer_among
from qingting.orders.selectors.conditions import CONDITIONS
from qingting.orders.states import ALL_CLOCKS, MOVES, NOTICES, PARTY_LABELS, SYSTEM, WORK_CLOCKS, OrderState
from qingting.orders.views import NAMES_OF_ACTS


def test_an_order_carries_the_number_of_its_case():
    assert order_number("GD-2026-000123", 1) == "GD-2026-000123-W01"


@pytest.mark.parametrize(
    ("above", "reviewer"),
    [
        ([(2, "CITY"), (1, "PROVINCE"), (0, "NATION")], 2),
        ([(1, "PROVINCE"), (0, "NATION")], 1),
        ([(7, "COUNTY"), (2, "CITY"), (1, "PROVINCE")], 2),
        ([(0, "NATION")], 9),
    ],
)
def test_the_nearest_city_or_province_above_reviews(above, reviewer):
    assert reviewer_among(above, 9) == reviewer


@pytest.mark.parametrize("move", MOVES.values(), ids=lambda move: move.act)
def test_every_act_says_what_it_will_do_and_what_it_tells(move):
    assert move.explains
    assert move.by
    assert set(move.by) <= set(PARTY_LABELS)
    assert {move.leads_to(state) for state in move.sources} <= set(OrderState.values)
    assert move.sources <= set(OrderState.values)
    assert set(move.needs) <= set(CONDITIONS)
    event = EVENT_OF_ACT[move.act]
    assert event.label
    assert not move.tells or event.name in NOTICES


def test_every_service_of_the_table_is_on_the_page_and_the_other_way_round():
    assert set(EVENT_OF_ACT) == set(MOVES) == set(NAMES_OF_ACTS) | {"sign_off"}


def test_only_a_reason_leads_out_of_an_end():
    ends = {OrderState.FINISHED, OrderState.SIGNED_OFF, OrderState.CANCELLED, OrderState.MERGED}
    for move in MOVES.values():
        if ends & move.sources and SYSTEM not in move.by:
            assert move.needs_words


def test_what_takes_an_order_out_of_work_stops_its_clocks():
    still = {
        OrderState.IN_PROGRESS,
        OrderState.PAUSED,
        OrderState.SUBMITTED,
        OrderState.OBJECTED,
        OrderState.GIVEN_BACK,
        OrderState.SIGNED_OFF,
    }
    for move in MOVES.values():
        if move.target and move.target not in still and move.starts != "acceptance" and move.act != "unmerge":
            assert move.drops or move.meets == ALL_CLOCKS, move.act


@pytest.mark.parametrize("urgency", WORK_CLOCKS)
def test_work_always_runs_against_a_clock(urgency):
    assert WORK_CLOCKS[urgency]
