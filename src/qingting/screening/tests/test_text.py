"""Any text at all: nothing raises, every sign points at the words it names, time stays bounded."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qingting.screening import LEVELS, TYPES, screen, screen_conversation
from qingting.screening.normalise import normalise

ANYTHING = st.text(st.characters(), max_size=200)
PIECES = [
    "我不想活了",
    "自.杀",
    "今晚",
    "🏢⬇️",
    "跳樓",
    "zs",
    "kill myself",
    "紫砂",
    "\u200b",
    "。",
    "ﷺ",
    "𠝹",
    "👨‍👩‍👧",
    "冇",
    " ",
    "\n",
    "被他打",
    "İ",
]
MIXED = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=20).map("".join)


def _points_right(text, signs):
    for sign in signs:
        assert 0 <= sign.start < sign.end <= len(text)
        assert sign.words == text[sign.start : sign.end]
        assert sign.type in TYPES
        assert sign.level in LEVELS
        assert 0 <= sign.score <= 1


@settings(max_examples=150, deadline=None)
@given(ANYTHING | MIXED)
def test_any_text_is_screened_and_signs_point_into_it(text):
    found = screen(text)
    assert 0 <= found.score <= 1
    assert found.alert == bool(found.signs)
    _points_right(text, found.signs)


@settings(max_examples=60, deadline=None)
@given(st.lists(MIXED, max_size=6))
def test_any_conversation_is_screened_and_signs_point_into_the_whole(texts):
    _points_right("\n".join(texts), screen_conversation(texts).signs)


@settings(max_examples=150, deadline=None)
@given(ANYTHING | MIXED)
def test_plain_text_remembers_where_it_came_from(text):
    plain = normalise(text)
    assert len(plain.text) == len(plain.starts) == len(plain.ends)
    assert all(0 <= start < end <= len(text) for start, end in zip(plain.starts, plain.ends, strict=True))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("輕生", "轻生"),
        ("自.杀", "自杀"),
        ("今晚🏢⬇️", "今晚跳楼"),
        ("我 wanna die", "我想死"),
        ("佢冇返屋企", "他没回家里"),
        ("又想紫砂了", "又想自杀了"),
        ("紫砂壶泡茶", "紫砂壶泡茶"),
        ("zs是什么意思", "zs是什么意思"),
        ("真的想zs", "真的想自杀"),
        ("那个女孩", "那个女孩"),
    ],
)
def test_disguises_are_read_only_where_they_are_meant(written, read):
    assert normalise(written).text == read


@pytest.mark.parametrize(
    "text", ["今天天气很好我们去公园玩。" * 1600, "我不想活了" * 4000, "😭💀🔪" * 6000, "啊" * 20000, "a." * 10000]
)
def test_long_and_odd_texts_take_bounded_time(text):
    begun = time.process_time()
    screen(text[:20000])
    assert time.process_time() - begun < 12


def test_a_long_note_is_read_to_its_end():
    note = "请问夏令营怎么报名，需要带什么东西。" * 60 + "其实我今晚就想从楼上跳下去。"
    assert screen(note).level == "CRITICAL"
