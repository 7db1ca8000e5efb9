"""The newest message is read in the light of what was said before; a long note is read by sentence and as a whole."""

import pytest

from qingting.screening import screen_latest, screen_note


def test_only_what_the_newest_message_adds_is_new_but_the_level_stays():
    assert screen_latest(["你好"], previous_level="URGENT").level == "URGENT"
    assert screen_latest([]).level is None
    assert screen_latest(["今晚", "我就", "跳楼"]).level == "CRITICAL"


def test_offsets_are_into_the_joined_messages():
    texts = ["你好", "我不想活了"]
    found = screen_latest(texts)
    whole = "\n".join(texts)
    assert all(whole[sign.start : sign.end] == sign.words for sign in found.signs)


@pytest.mark.parametrize("answer", ["有", "嗯", "嗯，有过", "有时候会", "是的。"])
def test_a_yes_says_what_was_asked(answer):
    found = screen_latest(["睡不着", answer], asked="你有没有想过结束自己的生命？")
    assert "suicide_ideation" in found.types
    assert any(sign.words == answer for sign in found.signs)


@pytest.mark.parametrize("answer", ["没有", "不会", "怎么这么问", "谢谢"])
def test_anything_but_yes_says_nothing(answer):
    assert screen_latest(["睡不着", answer], asked="你有没有想过结束自己的生命？").level is None


def test_an_encouragement_is_no_question():
    assert screen_latest(["嗯"], asked="我们不希望你自杀，会一直陪着你。").level is None


def test_a_note_is_read_by_sentence_and_as_a_whole():
    text = "来电人是班主任！学生成绩中等？昨天交来的作文里写“我不想活了”。母亲很着急。"
    found = screen_note(text)
    assert found.level == "URGENT"
    assert all(text[sign.start : sign.end] == sign.words for sign in found.signs)
    assert screen_note("").level is None
