"""The public door: what chat may rely on."""

from qingting.screening import screen, screen_conversation


def test_a_wish_to_die_is_seen_with_its_words():
    result = screen("妈妈，我真的不想活了")
    assert result.alert
    assert result.level in ("URGENT", "CRITICAL")
    sign = result.signs[0]
    assert sign.type == "suicide_ideation"
    assert sign.words == "妈妈，我真的不想活了"[sign.start : sign.end]


def test_an_everyday_question_is_quiet():
    result = screen("请问明天几点开门")
    assert not result.alert
    assert result.level is None
    assert result.signs == ()


def test_the_level_of_a_conversation_never_falls():
    assert screen_conversation(["你好", "谢谢"], previous_level="CRITICAL").level == "CRITICAL"
