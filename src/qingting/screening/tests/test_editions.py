"""Changes to rules and words are read without a restart, per place, and never stop the reading."""

from dataclasses import replace

import numpy as np
import pytest

from qingting.screening import editions, safety, screen
from qingting.screening.features import features
from qingting.screening.model import model
from qingting.screening.rules import book, rules, shipped_rules

pytestmark = pytest.mark.slow

TEXT = "我要去喂月亮了"
RULE = {
    "id": "local.moon",
    "type": "suicide_ideation",
    "level": "URGENT",
    "owner": "本单位",
    "strength": 0.8,
    "guards": ["negation"],
    "patterns": ["喂月亮"],
    "hits": [TEXT],
    "misses": ["没喂月亮"],
}


@pytest.fixture
def edition():
    return editions.Edition(7, rules={"local.moon": RULE})


@pytest.fixture
def kept():
    """Puts the usual keeper back."""
    before = editions._keeper[0]
    yield
    editions.kept_by(before)


def test_a_new_rule_fires_only_where_its_edition_is_read(edition):
    assert not screen(TEXT).alert
    with editions.reading(edition):
        assert screen(TEXT).signs[0].why == "local.moon"
        assert not screen("我没喂月亮").alert
    assert not screen(TEXT).alert


@pytest.mark.parametrize("highest", [0.0, 1.0])
def test_the_models_never_hold_back_a_rule_they_have_not_learnt(edition, highest):
    """Bars that no text reaches, or every text: a rule of staff's own stands; a shipped one needs the models' consent."""
    models = replace(model(), bars=np.full_like(model().bars, 60 * highest - 30))
    with editions.reading(edition):
        assert "local.moon" in {sign.why for sign in screen(TEXT, models).signs}
    assert screen("我不想活了", models).alert is (highest == 0.0)


def test_a_shipped_rule_is_withdrawn_or_changed():
    id_ = shipped_rules()[0].id
    with editions.reading(editions.Edition(8, rules={id_: None})):
        assert id_ not in {rule.id for rule in rules()}
    assert id_ in {rule.id for rule in rules()}


def test_words_join_and_leave_a_class_and_the_models_see_the_same_as_before():
    edition = editions.Edition(9, added={"jump": ("跳银河",)}, withdrawn={"jump": ("跳楼",)})
    before = features("我想跳银河", ())
    with editions.reading(edition):
        from qingting.screening.lexicon import classes

        assert "跳银河" in classes()["jump"]
        assert "跳楼" not in classes()["jump"]
        assert (features("我想跳银河", ()) == before).all()


def test_a_word_of_a_guard_holds_danger_back():
    text = "我今晚就从楼顶跳下去"
    assert screen(text).alert
    with editions.reading(editions.Edition(10, guards={("idiom", "spans"): ("从楼顶跳下去",)})):
        assert "suicide_in_progress" not in screen(text).types


def test_the_same_text_gives_the_same_edition_so_that_it_is_compiled_once():
    text = '{"rules": {}}'
    first, second = editions.edition_from(text, 3), editions.edition_from(text, 3)
    assert first is second
    with editions.reading(first):
        assert book() is book()


def test_where_no_edition_can_be_had_reading_goes_on_as_shipped(kept):
    def broken(place):
        raise RuntimeError("database is gone")

    editions.kept_by(broken)
    with editions.in_force(5) as edition:
        assert edition.id == 0
        assert screen("妈妈，我真的不想活了").alert


@pytest.mark.parametrize(
    "pattern",
    [
        "(?:啊+)+死",
        "(?:啊{1,9}){1,9}死",
        "啊* 死",
        "[^x]{0,20} [^y]{0,20} [^z]{0,20} 死",
        "a?a?a?a?a?a?a?a?a?a?a?a?a?a? aaaaaaaaaaaaaa",
        "(?:想 死",
        "<nobody> ~4 打",
        "~8",
        "死?",
        "",
        "死" * 500,
    ],
)
def test_a_pattern_that_could_run_away_or_means_nothing_is_refused_with_a_reason(pattern):
    assert safety.problem(pattern).endswith("。")


@pytest.mark.parametrize("pattern", ["<father> ~6 (?:打|骂)(?:我|她)", "喂月亮", "今晚 ..12 (?<!不)走[了啦]{1,2}"])
def test_a_bounded_pattern_is_taken(pattern):
    assert safety.problem(pattern) == ""
