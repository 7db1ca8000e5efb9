"""Somebody asks that what they said be erased: the words go, the fact stays, and danger to life is kept."""

from datetime import timedelta

import pytest

from qingting.chat import services as chat
from qingting.chat.models import Message
from qingting.core.errors import DomainError
from qingting.core.models import Entry
from qingting.core.scope import EVERYTHING, acting
from qingting.reception import services
from qingting.reception.models import LeftMessage

pytestmark = pytest.mark.django_db


@pytest.fixture
def ended(seeker, say, at):
    """A talk that is over."""

    def end(words: str):
        say(words)
        with acting(seeker.scope):
            talk = Message.objects.filter(author="SEEKER").latest("seq").conversation_id
            chat.end_conversation(actor=seeker, conversation_id=talk, at=at)

    return end


@pytest.fixture
def asks(seeker, at):
    """They ask for it on the same phone."""

    def ask() -> LeftMessage:
        with acting(seeker.scope):
            services.leave(actor=seeker, left=services.Left(kind="MESSAGE", words="想问问选科的事"), at=at)
            services.leave(actor=seeker, left=services.Left(kind="CALLBACK", phone="13800138000", when="周六"), at=at)
            return services.leave(actor=seeker, left=services.Left(kind="ERASE"), at=at + timedelta(minutes=1))

    return ask


def erase(actor, row, at):
    with acting(actor.scope):
        return services.erase_for(actor=actor, left_id=row.pk, at=at)


def seeker_words() -> list[str]:
    with acting(EVERYTHING):
        return list(Message.objects.values_list("text", flat=True))


def test_the_words_go_and_the_person_is_told(ended, asks, agent_here, at):
    ended("我好像喜欢上同桌了")
    row = asks()
    assert erase(agent_here, row, at) == (1, 0)
    assert not any("同桌" in words for words in seeker_words())
    with acting(EVERYTHING):
        row.refresh_from_db()
        left = LeftMessage.objects.get(kind="MESSAGE")
        callback = LeftMessage.objects.get(kind="CALLBACK")
        names = set(Entry.objects.values_list("name", flat=True))
    assert row.state == "ANSWERED"
    assert "已经删掉了" in row.reply
    assert "选科" not in left.words
    assert callback.when == ""
    with acting(agent_here.scope):
        assert services.read_number(actor=agent_here, left_id=callback.pk, at=at) == "—"
    assert {"chat.words-erased", "reception.left-erased"} <= names


def test_a_talk_with_danger_to_life_is_kept_and_that_is_said(ended, asks, agent_here, at):
    ended("我不想活了，药就在手边，今晚就吃")
    row = asks()
    assert erase(agent_here, row, at) == (0, 1)
    assert any("药就在手边" in words for words in seeker_words())
    with acting(EVERYTHING):
        row.refresh_from_db()
    assert "法律要求" in row.reply


def test_it_is_done_once_by_whoever_may_and_only_where_it_was_asked_for(ended, asks, agent_here, agent_elsewhere, at):
    ended("我喜欢上同桌了")
    row = asks()
    with pytest.raises(DomainError):
        erase(agent_elsewhere, row, at)
    erase(agent_here, row, at)
    with pytest.raises(DomainError):
        erase(agent_here, row, at)
    with acting(EVERYTHING):
        message = LeftMessage.objects.get(kind="MESSAGE")
    with pytest.raises(DomainError):
        erase(agent_here, message, at)
