"""A danger once said stays said, whatever harmless words come after it."""

import pytest

from qingting.screening import screen, screen_conversation
from qingting.screening.signs import rank

DANGERS = ["我不想活了", "今晚我就跳楼", "爸爸拿皮带抽我", "他们把我堵在厕所打", "又割手了", "继父半夜进我房间摸我"]
HARMLESS = ["请问周末几点开门", "谢谢老师", "今天作业好多", "我养了一只猫", "电影很好看", "明天要考试"]


@pytest.mark.parametrize("danger", DANGERS)
@pytest.mark.parametrize("harmless", HARMLESS)
def test_a_harmless_message_never_lowers_a_conversation(danger, harmless):
    alone = screen(danger)
    for texts in ([danger, harmless], [harmless, danger], [harmless, harmless, danger, harmless]):
        together = screen_conversation(texts)
        assert rank(together.level) >= rank(alone.level)
        assert set(alone.types) <= set(together.types)


@pytest.mark.parametrize("danger", DANGERS)
@pytest.mark.parametrize("harmless", HARMLESS[:4])
def test_a_harmless_sentence_in_the_same_message_never_hides_a_danger(danger, harmless):
    for text in (f"{harmless}。{danger}", f"{danger}。{harmless}", f"{harmless}，{danger}"):
        assert rank(screen(text).level) >= rank(screen(danger).level)


def test_a_sentence_sent_in_pieces_is_read_as_one():
    pieces = ["今晚", "我就", "跳楼"]
    assert screen_conversation(pieces).level == "CRITICAL"


def test_the_level_reached_before_stays():
    assert screen_conversation(["嗯", "好的"], previous_level="URGENT").level == "URGENT"
    assert screen_conversation([], previous_level="CRITICAL").level == "CRITICAL"
    assert screen_conversation([]).level is None
