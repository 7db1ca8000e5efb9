"""The window over midnight, when the machine attends, what asks for a person, and what a model may say."""

from datetime import UTC, datetime, time, timedelta

import pytest

from qingting.reception import rules
from qingting.reception.rules import Candidate, Hours, Situation

NIGHT = Hours(on=True, begins=time(21), ends=time(9))


def beijing(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, 4, (hour - 8) % 24, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hour", "minute", "night"),
    [(20, 59, False), (21, 0, True), (23, 59, True), (0, 0, True), (8, 59, True), (9, 0, False), (12, 0, False)],
)
def test_the_night_runs_over_midnight(hour, minute, night):
    assert rules.is_night(NIGHT, beijing(hour, minute)) is night


def test_switched_off_there_is_no_night():
    assert not rules.is_night(Hours(on=False, begins=time(21), ends=time(9)), beijing(23))


def situation(**changed) -> Situation:
    given = {"night": False, "ready": 0, "down": False, "waited": timedelta(0), "patience": timedelta(seconds=20)}
    return Situation(**{**given, **changed})


def test_by_day_a_person_has_twenty_seconds_first():
    assert rules.reason_for(situation()) is None
    assert rules.reason_for(situation(waited=timedelta(seconds=21))) == "BUSY"
    assert rules.reason_for(situation(waited=timedelta(seconds=21), when_busy=False)) is None


def test_at_night_the_machine_comes_at_once_unless_somebody_is_ready():
    assert rules.reason_for(situation(night=True)) == "NIGHT"
    assert rules.reason_for(situation(night=True, ready=1)) is None
    assert rules.reason_for(situation(night=True, ready=1, waited=timedelta(seconds=21))) == "NIGHT"


def test_when_a_part_is_down_it_comes_at_once():
    assert rules.reason_for(situation(down=True, ready=3)) == "DOWN"


@pytest.mark.parametrize("text", ["我要找人", "转人工", "有老师在吗", "能不能跟真人聊", "不想跟机器说", "叫个人来"])
def test_a_wish_for_a_person_is_heard(text):
    assert rules.wants_person(text)


@pytest.mark.parametrize("text", ["I want a person", "can I talk to someone", "想搵人傾下", "轉人工", "找個真人"])
def test_asking_for_a_person_in_other_words_and_languages(text):
    assert rules.wants_person(text)


@pytest.mark.parametrize("text", ["老师打人怎么办", "找不到工作", "我和朋友吵架了", "被老师骂了"])
def test_what_only_sounds_like_it_is_not(text):
    assert not rules.wants_person(text)


def found(*strengths: float) -> list[Candidate]:
    return [
        Candidate(n, f"标题{n}", f"要点{n}", strength, known=strength >= 1.8, clear=n == 1 and strength > 5)
        for n, strength in enumerate(strengths, 1)
    ]


@pytest.mark.parametrize("text", ["你好", "在吗？", "Hello~", "谢谢", "好的。", "嗯嗯"])
def test_a_greeting_or_thanks_is_not_answered_with_not_knowing(text):
    said = rules.small_talk(text)
    assert said is not None
    assert "找人" in said.text
    assert "不知道" not in said.text


@pytest.mark.parametrize("text", ["你好难受", "好想死", "在学校被打", "谢谢你们陪我到最后"])
def test_what_only_begins_like_a_greeting_is_heard_as_what_it_is(text):
    assert rules.small_talk(text) is None


def test_one_clear_article_is_told_with_its_source():
    reply = rules.reply_to(found(6.0, 2.0))
    assert reply.kind == "ANSWER"
    assert "要点1" in reply.text
    assert "来源：《标题1》" in reply.text
    assert reply.articles == (1,)


def test_two_that_fit_alike_are_offered_both():
    reply = rules.reply_to(found(4.0, 3.9))
    assert reply.articles == (1, 2)
    assert "不太确定" in reply.text


def test_nothing_that_fits_is_said_to_be_unknown():
    for hits in ([], found(1.0)):
        reply = rules.reply_to(hits)
        assert reply.kind == "UNKNOWN"
        assert "不知道" in reply.text


def test_every_sentence_leads_to_a_person_a_message_and_a_callback():
    said = [rules.greeting(reason) for reason in ("NIGHT", "BUSY", "DOWN")]
    said += [rules.reply_to(hits).text for hits in ([], found(6.0), found(4.0, 3.9))]
    for text in said:
        assert "找人" in text
        assert "留言" in text
        assert "回电话" in text
    assert all("是机器" in rules.greeting(reason) for reason in ("NIGHT", "BUSY", "DOWN"))


def test_safety_words_hold_the_numbers_and_nothing_from_articles():
    for level in ("URGENT", "CRITICAL"):
        text = rules.safety(level, again=False)
        assert all(number in text for number in ("12355", "120", "110"))
        assert "来源" not in text


SOURCE = "欠网贷先停下来，不以贷养贷，把每一笔写下来，告诉家人，被恐吓可以打110报警，也可以打12378投诉。"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("先停下来，不以贷养贷，把每一笔写下来，告诉家人。", "先停下来，不以贷养贷，把每一笔写下来，告诉家人。"),
        ("被恐吓可以打110报警。", "被恐吓可以打110报警。"),
        ("先停下来，告诉家人，把每一笔写下来。法院会免掉你的债。", "先停下来，告诉家人，把每一笔写下来。"),
        ("先停下来，告诉家人，不以贷养贷。打13800138000找我。", "先停下来，告诉家人，不以贷养贷。"),
        ("先停下来。打13800138000找我，我帮你还钱。", ""),
        ("欠网贷先停下来，可以以贷养贷。", ""),
        ("打13800138000找我帮你还钱。", ""),
        ("先停下来，看 https://evil.example", ""),
        ("今天天气很好，推荐你去吃火锅，再看一场电影放松一下心情。", ""),
        ("", ""),
        ("不以贷养贷，告诉家人。" * 60, ""),
    ],
)
def test_a_model_may_only_say_what_the_source_says(words, said):
    assert rules.within(words, SOURCE) == said
