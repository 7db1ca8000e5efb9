"""Simplified to Traditional: the treacherous characters come out right, and whatever is shown can be written in Big5 with HKSCS."""

import re
import tomllib
from pathlib import Path

import pytest

from qingting.core.traditional import traditional

SOURCE = Path(__file__).parents[2]
ROOMS = ("knowledge/data/**/*.toml", "reception/data/*.toml", "knowledge/data/demo/*.csv", "directory/data/*.csv")
BESIDES = re.compile(
    "[\u2000-\u2bff\u3000-\u303f\uff00-\uffef\ufe0f\U0001f000-\U0001faff]"
)  # punctuation, signs, emoji


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("头发发黄，心脏很脏", "頭髮發黃，心臟很髒"),
        ("你干什么，弄干净", "你幹什麼，弄乾淨"),
        ("每周一复习，反复考虑，恢复", "每週一複習，反覆考慮，恢復"),
        ("没关系，系统会联系你的老板", "沒關係，系統會聯繫你的老闆"),
        ("他和你在那里，后天以后回来", "他和你在那裡，後天以後回來"),
        ("准备好准考证，不准带手表", "準備好准考證，不准帶手錶"),
        ("不签合同，让人签字，贴标签", "不簽合同，讓人簽字，貼標籤"),
        ("一直发烧，在考场发卷子", "一直發燒，在考場發卷子"),
        ("嫌自己丑，犯困，十几分钟", "嫌自己醜，犯睏，十幾分鐘"),
        ("花呗还剩三天，台风，12355服务台", "花唄還剩三天，颱風，12355服務台"),
        ("我在這裡，沒事", "我在這裡，沒事"),
        ("12355 ok 👋", "12355 ok 👋"),
    ],
)
def test_what_is_written_simplified_is_read_traditional(written, read):
    assert traditional(written) == read


def not_in_big5(text: str) -> set[str]:
    """Characters that Big5 with the Hong Kong supplement can't write: Simplified left over, or a rare variant."""
    wrong = set()
    for character in BESIDES.sub("", text):
        try:
            character.encode("big5hkscs")
        except UnicodeEncodeError:
            wrong.add(character)
    return wrong


@pytest.mark.parametrize("place", ROOMS)
def test_whatever_is_told_can_be_written_in_big5(place):
    files = [path for path in SOURCE.glob(place) if ".en." not in path.name and "-en" not in str(path.parent)]
    assert files
    found = {path.name: not_in_big5(traditional(path.read_text("utf-8"))) for path in files}
    assert not {name: wrong for name, wrong in found.items() if wrong}


def test_the_words_of_pages_in_traditional_can_be_written_in_big5():
    catalogue = (SOURCE / "sites/portal/locale/zh_Hant/LC_MESSAGES/django.po").read_text("utf-8")
    shown = re.findall(r'^msgstr "(.*)"$', catalogue, re.MULTILINE)
    assert len(shown) > 200
    assert not not_in_big5("".join(shown))


def test_the_list_of_words_holds_nothing_twice():
    raw = tomllib.loads((SOURCE / "core/traditional.toml").read_text("utf-8"))
    written = [pair.split()[0] for pair in raw["words"]]
    assert len(written) == len(set(written))
