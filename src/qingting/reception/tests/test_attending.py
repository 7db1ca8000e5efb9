"""At night the machine answers from reviewed knowledge, keeps to safety in danger, and is silent once a person has come (R-C3)."""

from datetime import timedelta

import pytest
from django.utils.translation import override

from qingting.chat import services as chat
from qingting.core.heartbeats import beat
from qingting.core.models import Entry
from qingting.core.scope import EVERYTHING, acting
from qingting.duty.models import WaitingEntry
from qingting.duty.services import set_presence
from qingting.reception import services
from qingting.reception.models import Alert, Attendance, Turn, Utterance
from qingting.reception.tests.conftest import NIGHT, machine_says

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def take(actor, talk, at):
    with acting(EVERYTHING):
        entry = WaitingEntry.objects.get(subject_id=talk.id, state__in=["WAITING", "OFFERED"])
    with acting(actor.scope):
        return chat.take_conversation(actor=actor, entry_id=entry.pk, at=at)


def test_at_night_it_says_at_once_that_it_is_a_machine(talk):
    [greeting] = machine_says(talk)
    assert "是机器" in greeting
    assert all(way in greeting for way in ("找人", "留言", "回电话", "12355"))


def test_by_day_nothing_is_said_before_the_patience_is_over(seeker, house):
    noon = NIGHT.replace(hour=4)
    with acting(seeker.scope):
        talk = chat.start_conversation(actor=seeker, at=noon)
    assert machine_says(talk) == []
    assert services.attend_waiting(at=noon + timedelta(seconds=10)) == 0
    assert services.attend_waiting(at=noon + timedelta(seconds=25)) == 1
    assert "都在忙" in machine_says(talk)[0]
    assert services.attend_waiting(at=noon + timedelta(seconds=26)) == 0


def test_at_night_a_person_at_a_seat_comes_first(seeker, agent_here, at):
    with acting(agent_here.scope):
        set_presence(actor=agent_here, state="READY", at=at)
    with acting(seeker.scope):
        talk = chat.start_conversation(actor=seeker, at=at)
    assert machine_says(talk) == []


def test_a_question_is_answered_from_what_was_reviewed_with_its_source(say):
    [answer] = say("网贷还不上，催收天天打电话")
    assert "来源：《欠了网贷，被催债怎么办》" in answer
    assert "找人" in answer
    with acting(EVERYTHING):
        said = Utterance.objects.get(kind="ANSWER")
    assert said.articles
    assert said.strength > 1.8


def test_what_it_does_not_know_it_says(say):
    [answer] = say("红烧肉要放多少糖")
    assert "不知道" in answer


def test_asked_for_a_person_it_calls_one_and_says_so_once_in_full(say):
    [first] = say("我要找人")
    [again] = say("有老师在吗")
    assert "已经通知值守" in first
    assert "还在等" in again
    with acting(EVERYTHING):
        assert Alert.objects.get().cause == "WANTED"


@pytest.mark.parametrize(
    ("text", "level"),
    [("我站在小区楼顶的栏杆外面，刚吃了半瓶药，不想活了", "CRITICAL"), ("爸爸拿刀要砍死我，快救我", None)],
)
def test_in_danger_only_safety_words_and_the_way_to_a_person(say, text, level):
    answers = say(text)
    assert len(answers) == 1
    assert "来源" not in answers[0]
    assert all(number in answers[0] for number in ("12355", "110", "120"))
    with acting(EVERYTHING):
        alert = Alert.objects.get()
        kinds = set(Utterance.objects.exclude(kind="GREETING").values_list("kind", flat=True))
    assert alert.cause == "DANGER"
    assert alert.level in {"URGENT", "CRITICAL"}
    assert level in {None, alert.level}
    assert kinds == {"SAFETY"}


def test_after_danger_a_harmless_question_is_not_answered_by_the_machine(say):
    say("我不想活了，药就在手边，今晚就吃")
    assert say("考试前睡不着怎么办") == []


def test_danger_before_the_machine_came_is_met_when_it_comes(seeker, house):
    noon = NIGHT.replace(hour=4)
    with acting(seeker.scope):
        talk = chat.start_conversation(actor=seeker, at=noon)
        chat.post_message(actor=seeker, conversation_id=talk.id, text="我吃了一整瓶安眠药", client_key="k", at=noon)
    with acting(EVERYTHING):
        assert Alert.objects.count() == 1
    services.attend_waiting(at=noon + timedelta(seconds=30))
    said = machine_says(talk)
    assert len(said) == 2
    assert "120" in said[1]


def test_taken_by_a_person_it_is_silent_at_once_and_for_good(say, talk, agent_here, at):
    say("网贷还不上")
    take(agent_here, talk, at)
    assert say("那利息呢，网贷利息太高合法吗") == []
    assert say("我要找人") == []
    services.attend_waiting(at=at + timedelta(minutes=5))
    with acting(EVERYTHING):
        attendance = Attendance.objects.get()
        names = set(Entry.objects.filter(subject_kind="conversation").values_list("name", flat=True))
    assert attendance.silent_at == at
    assert attendance.silenced_by_account_id == agent_here.account_id
    assert {"reception.attends", "reception.spoke", "reception.silent"} <= names


def test_who_takes_it_reads_everything_said_so_far(say, talk, agent_here, at):
    say("网贷还不上")
    take(agent_here, talk, at)
    from qingting.chat.selectors import conversation_for, messages_after

    with acting(agent_here.scope):
        authors = [row.author for row in messages_after(conversation_for(agent_here, talk.id), 0)]
    assert authors == ["MACHINE", "SEEKER", "MACHINE"]


def test_a_fault_of_the_machine_costs_no_word(say, talk, monkeypatch):
    monkeypatch.setattr("qingting.reception.services.attending.find", lambda *_, **__: 1 / 0)
    assert say("网贷还不上") == []
    with acting(EVERYTHING):
        assert talk.messages.filter(author="SEEKER").count() == 1


def test_a_fault_of_screening_counts_as_danger_here(say, monkeypatch):
    monkeypatch.setattr("qingting.reception.services.attending.screen", lambda _: 1 / 0)
    assert say("网贷还不上") == []


def test_a_stopped_worker_is_a_reason_to_come_at_once(seeker, house):

    noon = NIGHT.replace(hour=4)
    beat("line", at=noon - timedelta(minutes=2))
    with acting(seeker.scope):
        talk = chat.start_conversation(actor=seeker, at=noon)
    assert "系统有点问题" in machine_says(talk)[0]


@pytest.fixture
def worded(gateway, settings, leader_here, at):
    """A model of one's own, which the station wishes."""
    settings.WORDING_URL, settings.WORDING_MODEL, settings.WORDING_SECONDS = f"http://{gateway.address}/v1", "m", 0.3
    from datetime import time

    wish = services.Wish(
        night_on=True, begins=time(21), ends=time(9), when_busy=True, patience_seconds=20, wording_on=True
    )
    with acting(leader_here.scope):
        services.change_setting(actor=leader_here, wish=wish, at=at)
    gateway.answer = {"choices": [{"message": {"content": "先停下来，不再借新的还旧的，告诉家里人，别一个人瞒着。"}}]}
    return gateway


def test_the_answer_is_given_at_once_and_a_model_may_say_it_again_more_plainly(worded, say, talk, at):
    [answer] = say("网贷还不上被催收")
    assert "来源：《欠了网贷" in answer
    assert services.word_turns(at=at) == 1
    plainer = machine_says(talk)[-1]
    assert "不再借新的还旧的" in plainer
    assert "来源：《欠了网贷" in plainer
    sent = worded.got[0]["messages"]
    assert "以贷养贷" in sent[1]["content"]
    with acting(EVERYTHING):
        assert list(Utterance.objects.filter(kind="ANSWER").order_by("id").values_list("worded", flat=True)) == [
            False,
            True,
        ]


def test_a_model_that_strays_is_not_said(worded, say, at):
    worded.answer = {"choices": [{"message": {"content": "加微信 13912345678，我替你还。"}}]}
    say("网贷还不上被催收")
    before = services.word_turns(at=at)
    assert before == 1
    with acting(EVERYTHING):
        assert not Utterance.objects.filter(worded=True).exists()
        assert Turn.objects.get().state == "DROPPED"


def test_a_sentence_that_is_not_in_the_article_is_dropped_and_the_rest_is_said(worded, say, talk, at):
    worded.answer = {
        "choices": [
            {"message": {"content": "先停下来，不再借新的还旧的，告诉家里人。我们基金会可以帮你还清全部债务。"}}
        ]
    }
    say("网贷还不上被催收")
    services.word_turns(at=at)
    answer = machine_says(talk)[-1]
    assert "不再借新的还旧的" in answer
    assert "基金会" not in answer


@pytest.mark.parametrize("since", ["我不想活了，药就在手边，今晚就吃", "那利息呢"])
def test_after_the_next_words_nothing_is_said_again(worded, say, since, at):
    say("网贷还不上被催收")
    first = Turn.objects.values_list("id", flat=True)
    with acting(EVERYTHING):
        known = list(first)
    say(since)
    services.word_turns(at=at)
    with acting(EVERYTHING):
        assert Turn.objects.get(pk=known[0]).state == "DROPPED"


def test_what_a_model_has_for_a_talk_that_went_on_long_ago_is_not_asked_for(worded, say, at):
    say("网贷还不上被催收")
    assert services.word_turns(at=at + timedelta(seconds=30)) == 0
    assert worded.got == []


def test_while_the_worker_is_down_nobody_waits_for_a_model(worded, say, at):
    with acting(EVERYTHING):
        beat("worker", at=at - timedelta(minutes=10))
    [answer] = say("网贷还不上被催收")
    assert "来源：《欠了网贷" in answer


def test_a_model_that_hangs_delays_nobody(worded, say, talk, at):
    worded.hold.clear()
    [answer] = say("网贷还不上被催收")
    assert "来源：《欠了网贷" in answer
    assert services.word_turns(at=at) == 1
    assert machine_says(talk)[-1] == answer


def test_what_waits_for_the_model_is_dropped_when_a_person_comes(worded, say, talk, agent_here, at):
    say("网贷还不上被催收")
    take(agent_here, talk, at)
    assert services.word_turns(at=at) == 0
    with acting(EVERYTHING):
        assert Turn.objects.get().state == "DROPPED"


def test_who_goes_on_writing_in_danger_is_told_again_once_a_minute_how_to_reach_a_person(say, at):
    say("我不想活了，药就在手边，今晚就吃")
    assert say("你还在吗", at + timedelta(seconds=30)) == []
    [again] = say("怎么没有人理我", at + timedelta(seconds=75))
    assert "来源" not in again
    assert all(number in again for number in ("12355", "110", "120"))
    assert say("喂", at + timedelta(seconds=90)) == []


def test_who_asks_for_a_person_in_danger_is_answered_at_once(say, at):
    say("我不想活了，药就在手边，今晚就吃")
    [answer] = say("我想找真人", at + timedelta(seconds=5))
    assert "已经在叫老师" in answer
    assert all(number in answer for number in ("12355", "110", "120"))


def test_a_greeting_is_greeted_back(say):
    [answer] = say("在吗？")
    assert "不知道" not in answer
    assert "找人" in answer


def test_a_question_in_traditional_characters_finds_its_article(say):
    [answer] = say("網貸還不上，催收天天打電話")
    assert "来源：《欠了网贷，被催债怎么办》" in answer


def test_an_english_question_is_answered_in_english_with_its_source(say):
    with override("en"):
        [answer] = say("I cannot fall asleep at night")
    assert "Same time up every day" in answer
    assert "Source: “I cannot sleep”" in answer
    with override("en"):
        [unknown] = say("how do I install python")
    assert "I don't know" in unknown
