"""What a scale's answers mean: the published bands, a person offered from ten, and danger whatever the sum."""

import pytest

from qingting.knowledge import selfhelp

PHQ, GAD = selfhelp.scales()["phq9"], selfhelp.scales()["gad7"]


def spread(scale, total) -> list[int]:
    """Answers that sum to `total`, the item of danger last to be raised."""
    answers = [0] * len(scale.items)
    for place in range(len(answers)):
        answers[place] = min(3, total - sum(answers))
    return answers


@pytest.mark.parametrize(
    ("total", "upto"), [(0, 4), (4, 4), (5, 9), (9, 9), (10, 14), (14, 14), (15, 19), (19, 19), (20, 27), (27, 27)]
)
def test_phq9_falls_into_its_published_bands(total, upto):
    assert selfhelp.result_of(PHQ, spread(PHQ, total)).band.upto == upto


@pytest.mark.parametrize(("total", "upto"), [(4, 4), (5, 9), (10, 14), (15, 21), (21, 21)])
def test_gad7_falls_into_its_published_bands(total, upto):
    assert selfhelp.result_of(GAD, spread(GAD, total)).band.upto == upto


def test_a_person_is_offered_from_ten():
    assert not selfhelp.result_of(PHQ, spread(PHQ, 9)).offer
    assert selfhelp.result_of(PHQ, spread(PHQ, 10)).offer
    assert selfhelp.result_of(GAD, spread(GAD, 10)).offer


@pytest.mark.parametrize("often", [1, 2, 3])
def test_item_nine_is_danger_whatever_the_sum(often):
    answers = [0] * 8 + [often]
    result = selfhelp.result_of(PHQ, answers)
    assert result.danger
    assert result.offer


def test_an_answer_that_is_none_of_the_scale_is_no_answer():
    assert selfhelp.answers_from(GAD, ["1"] * 6) is None
    assert selfhelp.answers_from(GAD, [*["1"] * 6, "4"]) is None
    assert selfhelp.answers_from(GAD, ["1"] * 7) == (1,) * 7


def test_every_exercise_has_steps_of_a_screen_each():
    for module in selfhelp.modules().values():
        assert len(module.steps) >= 3
        assert all(len(step.words) <= 90 for step in module.steps)


def test_english_stands_beside_chinese_with_the_same_steps_sums_and_danger():
    chinese, english = selfhelp.modules(), selfhelp.modules("en")
    assert [(m.code, len(m.steps), m.breathing) for m in english.values()] == [
        (m.code, len(m.steps), m.breathing) for m in chinese.values()
    ]
    for code, scale in selfhelp.scales().items():
        other = selfhelp.scales("en")[code]
        assert (len(other.items), len(other.options)) == (len(scale.items), len(scale.options))
        assert [band.upto for band in other.bands] == [band.upto for band in scale.bands]
        assert (other.offer_from, other.danger_item) == (scale.offer_from, scale.danger_item)


def test_a_language_that_is_not_there_gets_the_chinese():
    assert selfhelp.modules("zh-hant") == selfhelp.modules()


def test_items_keep_the_wording_that_was_validated():
    """Paraphrased, a scale measures something else. Spitzer, Kroenke, Williams and colleagues let anybody use it unchanged."""
    assert PHQ.items[0] == "做事时提不起劲或没有兴趣"
    assert PHQ.items[8] == "有不如死掉或用某种方式伤害自己的念头"
    assert GAD.items[1] == "不能够停止或控制担忧"
    assert PHQ.options == GAD.options == ("完全不会", "好几天", "一半以上的天数", "几乎每天")
    in_english = selfhelp.scales("en")
    assert (
        in_english["phq9"].items[8] == "Thoughts that you would be better off dead or of hurting yourself in some way"
    )
    assert in_english["gad7"].items[6] == "Feeling afraid as if something awful might happen"
