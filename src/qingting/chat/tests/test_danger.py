"""Danger is read over several messages, counts when a person sees it, and comes down by a person's word only (R-C1)."""

from datetime import timedelta

import pytest

from qingting.chat import services
from qingting.chat.models import Conversation, DangerJudgement, DangerSign, Message
from qingting.core.errors import Invalid, NotAllowed, NotFound
from qingting.core.models import Clock, Entry
from qingting.core.scope import EVERYTHING, acting

pytestmark = pytest.mark.django_db


@pytest.fixture
def say(seeker, ready, talking, at):
    """Each line is one message of the seeker's; one that begins with 问: is the counsellor's."""

    def lines(*texts):
        for text in texts:
            actor = ready if text.startswith("问:") else seeker
            with acting(actor.scope):
                services.post_message(
                    actor=actor, conversation_id=talking.id, text=text.removeprefix("问:"), client_key=text, at=at
                )

    return lines


@pytest.fixture
def level(talking):
    def now():
        with acting(EVERYTHING):
            return Conversation.objects.get(pk=talking.pk).danger_level

    return now


def signs():
    with acting(EVERYTHING):
        return list(DangerSign.objects.select_related("message").order_by("id"))


def lowered(ready, talking, at, to="ROUTINE", words="电话里核实过，妈妈在身边"):
    with acting(ready.scope):
        return services.lower_danger(actor=ready, conversation_id=talking.id, level=to, words=words, at=at)


def test_a_danger_sent_in_pieces_is_seen_and_marked_on_the_last_piece(say, level):
    say("今晚", "我就", "跳楼")
    assert level() == "CRITICAL"
    last = signs()[-1]
    assert last.message.text == "跳楼"
    assert last.message.text[last.start : last.end]


def test_yes_to_the_question_about_dying_is_danger(say, level):
    say("我最近睡不着", "问:你有没有想过自杀？", "嗯，有")
    assert level() == "URGENT"


@pytest.mark.parametrize("answer", ["没有", "谢谢", "嗯"])
def test_no_or_yes_to_something_else_is_not(say, level, answer):
    question = "问:最近吃得好吗？" if answer == "嗯" else "问:你有没有想过自杀？"
    say("我最近睡不着", question, answer)
    assert level() == ""


def test_the_same_words_are_not_raised_again_with_each_message(say):
    say("我不想活了", "今天下雨", "晚饭吃了面")
    assert len(signs()) == 1


class TestComingDown:
    @pytest.fixture
    def critical(self, say, level):
        say("我今晚就从楼顶跳下去")
        assert level() == "CRITICAL"

    def test_a_person_takes_it_down_with_a_reason_that_is_kept(self, critical, ready, talking, level, at):
        lowered(ready, talking, at)
        assert level() == "ROUTINE"
        with acting(EVERYTHING):
            assert DangerJudgement.objects.get().words.startswith("电话里")
            entry = Entry.objects.get(name="chat.danger-lowered")
            assert "妈妈" not in str((entry.ids, entry.data))
            assert Clock.objects.get().cancelled_at == at

    def test_from_critical_to_urgent_the_clock_goes_on(self, critical, ready, talking, at):
        lowered(ready, talking, at, to="URGENT")
        with acting(EVERYTHING):
            assert Clock.objects.get().cancelled_at is None

    def test_what_was_judged_is_not_raised_again_by_calm_words(self, critical, ready, talking, say, level, at):
        lowered(ready, talking, at, to="NONE")
        say("好的，谢谢老师")
        assert level() == ""

    def test_new_danger_raises_it_again_with_a_new_clock(self, critical, ready, talking, say, level, at):
        lowered(ready, talking, at, to="NONE")
        say("我还是想死，等会就去跳江")
        assert level() == "CRITICAL"
        with acting(EVERYTHING):
            assert Clock.objects.get(cancelled_at=None).due_at == at + timedelta(minutes=30)

    @pytest.mark.parametrize("asked", [("CRITICAL", "理由写了"), ("ROUTINE", " 无 "), ("HIGH", "理由写了")])
    def test_without_a_reason_or_not_downwards_it_is_refused(self, critical, ready, talking, level, at, asked):
        to, words = asked
        with pytest.raises(Invalid) as refusal:
            lowered(ready, talking, at, to=to, words=words)
        assert refusal.value.do_next
        assert level() == "CRITICAL"

    def test_nobody_else_takes_it_down(self, critical, leader_here, agent_elsewhere, talking, level, at):
        with pytest.raises((NotAllowed, NotFound)):
            lowered(leader_here, talking, at)
        with pytest.raises(NotFound):
            lowered(agent_elsewhere, talking, at)
        assert level() == "CRITICAL"


class TestMissed:
    @pytest.fixture
    def calm(self, say, level):
        say("我把东西都还给大家了")
        with acting(EVERYTHING):
            return Message.objects.get()

    def test_what_a_person_sees_counts_like_what_the_machine_sees(self, calm, ready, level, at):
        with acting(ready.scope):
            services.report_missed(actor=ready, message_id=calm.id, type_="suicide_plan_24h", level="CRITICAL", at=at)
        assert level() == "CRITICAL"
        assert signs()[-1].why == "person"
        with acting(EVERYTHING):
            assert Clock.objects.filter(cancelled_at=None).exists()

    def test_type_and_level_must_be_known(self, calm, ready, at):
        with acting(ready.scope), pytest.raises(Invalid):
            services.report_missed(actor=ready, message_id=calm.id, type_="sad", level="CRITICAL", at=at)

    def test_a_stranger_can_not(self, calm, agent_elsewhere, at):
        with acting(agent_elsewhere.scope), pytest.raises(NotFound):
            services.report_missed(actor=agent_elsewhere, message_id=calm.id, type_="self_harm", level="URGENT", at=at)


class TestAtTheSeat:
    """The same over HTTP."""

    @pytest.fixture
    def seat(self, browser, ready):
        return browser(ready)

    def test_the_level_comes_down_in_a_dialog_that_keeps_the_story(self, seat, say, talking, level):
        say("我不想活了")
        page = seat.get(f"/conversations/{talking.id}/danger").content.decode()
        assert "调低等级" in page
        page = seat.post(f"/conversations/{talking.id}/danger", {"level": "NONE", "words": "在念歌词，已核实"})
        assert "在念歌词" in page.content.decode()
        assert level() == ""

    def test_a_missed_danger_is_marked_in_two_answers(self, seat, say, level):
        say("我把东西都还给大家了")
        with acting(EVERYTHING):
            message = Message.objects.get()
        told = {"type": "suicide_plan_24h", "level": "CRITICAL"}
        answer = seat.post(f"/conversations/messages/{message.id}/missed", told)
        assert answer.json()["level_label"] == "特急"
        assert level() == "CRITICAL"
