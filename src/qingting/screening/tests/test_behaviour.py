"""Scores on the project's own behaviour set; both halves, so that overfitting to the tuning half would show."""

import pytest

from qingting.screening.bench import behaviour
from qingting.screening.corpus import by_hand, kept_for_measuring

ROWS = kept_for_measuring()


@pytest.mark.parametrize("half", ["tuning", "held_back"])
def test_dangers_are_seen_and_look_alikes_left_alone(half):
    scores = behaviour([row for row in ROWS if row["half"] == half])
    assert scores["recall"] >= 0.96
    assert scores["false_alerts"] <= 0.06
    assert scores["type_recall"] >= 0.93
    assert scores["level_exact"] >= 0.85
    assert scores["critical_recall"] >= (0.99 if half == "tuning" else 0.94)  # 37 of 39 in the half kept back


def test_the_behaviour_set_is_not_training_material():
    assert not {row["text"] for row in ROWS} & {row.text for row in by_hand()}


def test_every_phenomenon_has_dangers_and_look_alikes():
    seen = {(row["phenomenon"], row["expect"] != "none") for row in ROWS}
    assert len(seen) == 32
