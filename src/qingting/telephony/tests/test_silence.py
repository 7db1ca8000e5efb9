"""Whoever can't speak is heard by keys; whoever is silent is recorded, told of when it happens again, and never blocked."""

from datetime import timedelta

import pytest

from qingting.core.errors import DomainError, Invalid
from qingting.core.models import Clock, Entry
from qingting.core.scope import EVERYTHING, acting
from qingting.directory.models import ClockRule
from qingting.staff.models import Notice
from qingting.telephony import selectors, services
from qingting.telephony.models import BlockedNumber, Call, CallbackTask, KeyQuestion, TextLink
from qingting.telephony.services import Wish

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(talking, ready, at, everything):
    """Asks the silent caller something; gives the question's id."""

    def ask(question="CANT_SPEAK"):
        words = {"call_id": talking.id, "question": question, "account_id": ready.account_id, "at": at}
        return services.begin_question(**words)

    return ask


def press(talking, question, digit, at):
    services.answer_question(call_id=talking.id, question_id=question, digit=digit, at=at)


def test_a_key_for_help_is_danger_and_the_leaders_hear_of_it(talking, asked, at):
    press(talking, asked(), "1", at)
    assert Call.objects.get().danger_level == "URGENT"
    assert [(row.kind, row.urgency) for row in Notice.objects.filter(subject_id=talking.id)] == [
        ("telephony.help-by-key", "URGENT")
    ]


@pytest.mark.parametrize("question", ["DANGER", "HURT", "POLICE"])
def test_a_yes_to_danger_is_critical(talking, asked, at, question):
    press(talking, asked(question), "1", at)
    assert Call.objects.get().danger_level == "CRITICAL"


def test_a_station_without_a_rule_for_the_clock_loses_neither_answer_nor_danger(talking, asked, at):
    ClockRule.objects.filter(kind="CRISIS_INTERVENTION").delete()
    press(talking, asked("DANGER"), "1", at)
    assert KeyQuestion.objects.get().answer == "YES"
    assert Call.objects.get().danger_level == "CRITICAL"
    clock = Clock.objects.get(subject_kind="call", subject_id=talking.id, kind="CRISIS_INTERVENTION")
    assert clock.due_at == at + timedelta(minutes=30)


def test_the_answer_stands_and_leaders_hear_though_what_follows_refuses(talking, asked, at, monkeypatch):
    def refuse(*_things, **_words):
        raise DomainError("没有成。", code="risk.test.refuses", do_next="请重试。")

    monkeypatch.setattr("qingting.telephony.services.silence.raise_danger", refuse)
    press(talking, asked("DANGER"), "1", at)
    assert KeyQuestion.objects.get().answer == "YES"
    assert Notice.objects.filter(kind="telephony.help-by-key").count() == 1


def test_a_no_lowers_nothing(talking, asked, at):
    press(talking, asked("DANGER"), "1", at)
    press(talking, asked("DANGER"), "2", at)
    assert Call.objects.get().danger_level == "CRITICAL"


def test_the_first_key_counts_and_a_late_one_still_does(talking, asked, at):
    question = asked()
    services.note_no_key(call_id=talking.id, question_id=question, at=at)
    press(talking, question, "1", at + timedelta(minutes=1))
    press(talking, question, "2", at + timedelta(minutes=2))
    assert KeyQuestion.objects.get().answer == "YES"


def test_the_next_call_of_somebody_who_pressed_for_help_goes_to_the_front(talking, asked, rings, at):
    press(talking, asked(), "1", at)
    services.end_call(call_id=talking.id, outcome="TALKED", at=at)
    assert rings().danger_level == "URGENT"


def test_a_silent_call_is_recorded_as_one_and_nobody_rings_back(talking, asked, at):
    asked()
    services.end_call(call_id=talking.id, outcome="TALKED", at=at)
    assert Call.objects.get().outcome == "SILENT"
    assert not CallbackTask.objects.exists()


def test_who_spoke_after_all_or_pressed_for_help_was_no_silent_call(talking, ready, asked, at):
    asked()
    services.note_speaking(actor=ready, call_id=talking.id, at=at)
    services.end_call(call_id=talking.id, outcome="TALKED", at=at)
    assert Call.objects.get().outcome == "TALKED"


def test_silence_again_and_again_is_told_to_the_leaders_once_and_blocks_nobody(rings, ready, at, everything):
    for day in range(4):
        call = rings(moment=at + timedelta(days=day))
        words = {"call_id": call.id, "account_id": ready.account_id, "at": call.started_at}
        services.queue_call(call_id=call.id, at=call.started_at)
        services.take_call(**words, channel=f"seat-{day}")
        services.begin_question(**words, question="CANT_SPEAK")
        services.end_call(call_id=call.id, outcome="SILENT", at=call.started_at)
        told = Notice.objects.filter(kind="telephony.silent-again").count()
        assert told == (1 if day >= 2 else 0)
    assert not BlockedNumber.objects.exists()
    assert selectors.known_of(ready, rings(moment=at + timedelta(days=5))).silent_calls == 4


def test_a_wish_to_type_sends_a_neutral_link_once(talking, asked, ready, at, settings, monkeypatch):
    from qingting.telephony.services import texting
    from qingting.telephony.services.texting import token_of

    sent = []
    settings.SMS_URL = "json://gateway.example/{number}"
    monkeypatch.setattr(texting, "deliver", lambda address, body: sent.append((address, body)) or True)
    press(talking, asked("TEXT"), "1", at)
    assert services.send_text_links(at=at) == 1
    assert services.send_text_links(at=at + timedelta(minutes=1)) == 0
    ((address, body),) = sent
    assert address.endswith("/13800138000")
    assert f"/chat/w/{token_of(TextLink.objects.get().pk)}" in body
    assert "12355" not in body
    assert TextLink.objects.get().state == "SENT"
    assert "13800138000" not in str(list(Entry.objects.values_list("data", flat=True)))


def test_a_gateway_that_fails_is_tried_again_and_then_said(talking, ready, at, settings, monkeypatch, everything):
    from qingting.telephony.services import texting

    settings.SMS_URL = "json://gateway.example/{number}"
    monkeypatch.setattr(texting, "deliver", lambda address, body: False)
    services.send_text_link(actor=ready, call_id=talking.id, at=at)
    for hour in range(5):
        services.send_text_links(at=at + timedelta(hours=hour))
    assert (TextLink.objects.get().state, TextLink.objects.get().attempts) == ("FAILED", 4)


def test_a_hidden_number_is_offered_no_link(rings, ready, at, everything):
    call = rings("anonymous")
    services.queue_call(call_id=call.id, at=at)
    services.take_call(call_id=call.id, account_id=ready.account_id, channel="seat-9", at=at)
    with pytest.raises(DomainError, match="手机号码"):
        services.send_text_link(actor=ready, call_id=call.id, at=at)


def test_only_known_questions_are_played(talking, ready, at):
    with acting(EVERYTHING), pytest.raises(Invalid):
        services.ask_act(actor=ready, call_id=talking.id, wish=Wish("ASK_KEYS", question="WHO_ARE_YOU"), at=at)
