"""Simplified to Traditional: everything we ship becomes writable in Big5, and the treacherous characters come out right."""

import pytest

from qingting.core.traditional import traditional


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("头发发黄，心脏很脏", "頭髮發黃，心臟很髒"),
        ("你干什么，弄干净", "你幹什麼，弄乾淨"),
        ("每周一复习，反复考虑，恢复", "每週一複習，反覆考慮，恢復"),
        ("没关系，系统会联系你的老板", "沒關係，系統會聯繫你的老闆"),
        ("他和你在那里，后天以后回来", "他和你在那裡，後天以後回來"),
        ("准备好准考证，不准带手表", "準備好准考證，不准帶手錶"),
        ("我在這裡，沒事", "我在這裡，沒事"),
        ("12355 ok", "12355 ok"),
    ],
)
def test_what_is_written_simplified_is_read_traditional(written, read):
    assert traditional(written) == read
