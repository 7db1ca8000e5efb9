"""What turns a danger word into nothing, and what brings the danger back."""

import pytest

from qingting.screening import screen

PAIRS = [  # the danger, and the look-alike that differs only by what the guard is for
    ("我想自杀", "我没想自杀"),
    ("不是不想死，是不敢", "不是想死，是太困了"),
    ("谁说我没割过手", "我没割过手"),
    ("说不想自杀是骗你们的", "我说了不想自杀"),
    ("难受得想死", "难吃得想死"),
    ("我想死", "我想死你了"),
    ("跟电影里一样，我也割腕了", "电影里的人割腕了"),
    ("小时候割过手，最近又开始了", "小时候割过手，现在完全好了"),
    ("我同学说她要跳楼", "听说以前有个人跳楼"),
    ("我被同学霸凌，想问班会能不能讲讲", "班会主题是反霸凌，求教案"),
    ("我妈要打死我，真的拿刀追我", "我妈要打死我，因为我把手机弄丢了哈哈"),
    ("我十五岁怀孕了", "我姐姐怀孕了，我要当小姨"),
]


@pytest.mark.parametrize(("danger", "harmless"), PAIRS)
def test_a_guard_holds_back_the_look_alike_and_never_the_danger(danger, harmless):
    assert screen(danger).alert
    assert not screen(harmless).alert


def test_a_sign_names_the_guards_that_were_asked():
    sign = screen("我真的不想活了").signs[0]
    assert "negation" in sign.guards
    assert sign.why.startswith("suicide.")
