"""Numbers, who reviews, and what the table of moves promises."""

import pytest

from qingting.orders.rules import order_number, reviewer_among
from qingting.orders.states import ALL_CLOCKS, MOVES, PARTY_LABELS, WORK_CLOCKS, OrderState


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
def test_every_act_says_what_it_will_do_and_ends_in_a_known_state(move):
    assert move.explains
    assert move.by in PARTY_LABELS
    assert move.target in OrderState.values
    assert move.sources <= set(OrderState.values)


def test_no_act_leads_out_of_the_end():
    assert not any({OrderState.FINISHED, OrderState.CANCELLED} & move.sources for move in MOVES.values())


def test_every_end_stops_the_clocks():
    ends = [move for move in MOVES.values() if move.target in {"FINISHED", "CANCELLED", "RETURNED"}]
    assert all(move.drops or move.meets == ALL_CLOCKS for move in ends)


def test_every_urgency_has_a_deadline_for_the_work():
    assert all(WORK_CLOCKS.values())
