"""One event is one journal entry, in the change's own transaction, and chains stop (ADR 5)."""

from dataclasses import dataclass
from typing import ClassVar

import pytest
from django.db import transaction

from qingting.core import events
from qingting.core.events import Event, described, in_bulk, publish, publish_many
from qingting.core.models import Entry
from qingting.core.scope import EVERYTHING, acting


@dataclass(frozen=True, slots=True, kw_only=True)
class SomethingHappened(Event):
    name: ClassVar[str] = "tests.something-happened"
    subject: ClassVar[str] = "thing_id"
    label: ClassVar[str] = "事情发生了{count}次"
    thing_id: int
    handler_organisation_id: int = 0
    case_id: int = 0
    count: int = 1


@pytest.fixture
def happened():
    return SomethingHappened(organisation_id=7, province="440000", thing_id=5, handler_organisation_id=8, case_id=3)


@pytest.mark.django_db
def test_it_is_written_once_with_ids_and_plain_values(happened, agent_here, at, everything):
    publish(happened, actor=agent_here, at=at)
    entry = Entry.objects.get(name="tests.something-happened")
    assert entry.ids == {"organisation": 7, "thing": 5, "handler_organisation": 8, "case": 3}
    assert entry.data == {"count": 1}
    assert (entry.subject_kind, entry.subject_id, entry.case_id) == ("thing", 5, 3)
    assert entry.account_id == agent_here.account_id


def test_it_is_heard_by_every_organisation_it_names(happened):
    assert happened.channels() == ["case:3", "organisation:7", "organisation:8", "thing:5"]


def test_a_timeline_reads_in_chinese_and_forgives_old_entries():
    assert described("tests.something-happened", {"count": 2}) == "事情发生了2次"
    assert described("tests.something-happened", {}) == "事情发生了次"
    assert described("tests.forgotten", {}) == "tests.forgotten"


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_it_is_refused(happened, agent_here, at):
    with pytest.raises(RuntimeError):
        publish(happened, actor=agent_here, at=at)


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_did_not_happen(happened, agent_here, at):
    with acting(EVERYTHING), transaction.atomic():
        publish(happened, actor=agent_here, at=at)
        transaction.set_rollback(True)
    with acting(EVERYTHING), transaction.atomic():
        assert not Entry.objects.filter(name="tests.something-happened").exists()


@pytest.mark.django_db
def test_a_third_event_in_one_chain_is_refused(happened, agent_here, at, monkeypatch, everything):
    def again(event, *, at):
        publish(event, actor=agent_here, at=at)

    monkeypatch.setattr(events, "_flow", lambda: {SomethingHappened: (again,)})
    with pytest.raises(RuntimeError, match="third"):
        publish(happened, actor=agent_here, at=at)


@pytest.mark.django_db
def test_many_are_written_together_and_each_handler_hears_of_all(happened, agent_here, at, everything, monkeypatch):
    heard = []

    @in_bulk
    def together(told, *, at):
        heard.append([event.thing_id for event in told])

    def alone(told, *, at):
        heard.append(told.thing_id)

    monkeypatch.setattr(events, "_flow", lambda: {SomethingHappened: (together, alone)})
    other = SomethingHappened(organisation_id=7, province="440000", thing_id=6)
    publish_many([happened, other], actor=agent_here, at=at)
    assert heard == [[5, 6], 5, 6]
    entries = Entry.objects.filter(name="tests.something-happened").order_by("id")
    assert [entry.subject_id for entry in entries] == [5, 6]
    assert entries[0].channels == happened.channels()
