"""The judge weighs rules, guards and models together; a danger is found also where much is said around it."""

import numpy as np
import pytest

from qingting.screening import screen
from qingting.screening.evidence import EVIDENCE, GRADING, evidence, grading
from qingting.screening.judge import Judge, learn
from qingting.screening.model import model
from qingting.screening.reading import read
from qingting.screening.signs import LEVELS

pytestmark = pytest.mark.slow

DANGER = "我现在就站在教学楼楼顶的边上"
DAILY = "今天食堂做了番茄炒蛋。下午的体育课改成了自习。同桌借走了我的橡皮还没还。晚上想早点睡。"


@pytest.mark.parametrize("text", ["", "?", "我不想活了", DAILY * 20])
def test_what_is_weighed_is_named_and_finite(text):
    reading = read(text, model())
    assert evidence(reading).shape == (len(EVIDENCE),)
    assert grading(reading).shape == (len(GRADING),)
    assert np.isfinite(evidence(reading)).all()
    assert np.isfinite(grading(reading)).all()


@pytest.mark.parametrize("before", [0, 1, 3])
def test_a_danger_is_found_among_much_that_is_harmless(before):
    found = screen(DAILY * before + DANGER + "。" + DAILY)
    assert found.level == LEVELS[0]
    assert any("楼顶" in sign.words for sign in found.signs)


def test_what_is_harmless_stays_so():
    assert not screen(DAILY).alert


def test_a_rule_keeps_its_words_where_the_judge_calls_the_text_graver():
    found = screen("我想死，今天晚上就动手")
    assert found.level == LEVELS[0]
    assert any(not sign.why.startswith("model:") for sign in found.signs)


@pytest.fixture
def seen():
    """400 found things of three numbers: the first speaks for danger, the second against it, the third says nothing."""
    chance = np.random.default_rng(7)
    found = chance.normal(size=(400, 3))
    return found, found[:, 0] - found[:, 1] + chance.normal(scale=0.5, size=400) > 0


def test_weights_say_what_speaks_for_danger_and_what_against(seen):
    found, truth = seen
    weights = learn(found, truth, np.ones(len(truth)))
    assert weights[0] > 1
    assert weights[1] < -1
    assert abs(weights[2]) < abs(weights[0]) / 3
    judge = Judge(weights, np.zeros((3, 4), np.float32))
    assert np.mean([(judge.weigh(row) > 0) == right for row, right in zip(found, truth, strict=True)]) > 0.85


def test_what_weighs_more_is_missed_less(seen):
    found, truth = seen
    light, heavy = (Judge(learn(found, truth, np.where(truth, by, 1.0)), np.zeros((3, 4))) for by in (1.0, 5.0))
    caught = [sum(judge.weigh(row) > 0 for row in found[truth]) for judge in (light, heavy)]
    assert caught[1] > caught[0]
