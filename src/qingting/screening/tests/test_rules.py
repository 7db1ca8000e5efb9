"""Every rule carries its own sentences; they are tried here."""

import re

import pytest

from qingting.screening.guards import mask_idioms
from qingting.screening.normalise import normalise
from qingting.screening.reading import judged
from qingting.screening.rules import rules
from qingting.screening.signs import LEVELS, TYPES


def _raised(text: str) -> set[str]:
    masked = mask_idioms(normalise(text).text)
    return {row.hit.rule.id for row in judged(masked) if row.held_by is None}


@pytest.mark.parametrize(("rule", "text"), [(r, t) for r in rules() for t in r.hits], ids=lambda v: getattr(v, "id", v))
def test_a_rule_sees_its_own_danger(rule, text):
    assert rule.id in _raised(text)


@pytest.mark.parametrize(
    ("rule", "text"), [(r, t) for r in rules() for t in r.misses], ids=lambda v: getattr(v, "id", v)
)
def test_a_rule_leaves_its_look_alikes_alone(rule, text):
    assert rule.id not in _raised(text)


def test_rules_are_whole():
    ids = [rule.id for rule in rules()]
    assert len(ids) == len(set(ids))
    for rule in rules():
        assert rule.type in TYPES
        assert rule.level in LEVELS
        assert 0 < rule.strength < 1
        assert all((rule.owner, rule.hits, rule.misses, rule.patterns))
        assert re.fullmatch(r"[a-z-]+(\.[a-z-]+)+", rule.id)
