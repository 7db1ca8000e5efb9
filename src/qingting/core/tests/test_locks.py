"""Nobody is locked out for good: the clocks give way to whoever acts, and a request that lost a lock is answered anew."""

import threading
from datetime import timedelta

import pytest
from django.db import OperationalError, connection, transaction
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import ResolverMatch
from psycopg import errors

from qingting.core import clocks
from qingting.core.actors import SYSTEM
from qingting.core.clocks import Span, start_clock, tick
from qingting.core.errors import Invalid
from qingting.core.middleware import OnceMore
from qingting.core.models import Clock, Heartbeat
from qingting.core.scope import EVERYTHING, acting

MATTER = "matter:1"


@pytest.fixture
def late_clock(transactional_db, at, monkeypatch):
    """A clock that has run out, whose handler wants the row of its matter."""

    def want_the_matter(events, *, actor, at):
        Heartbeat.objects.filter(part=MATTER).update(note="late")

    monkeypatch.setattr(clocks, "publish_many", want_the_matter)
    Heartbeat.objects.create(part=MATTER, at=at)
    span = Span(at, at, timedelta(hours=1))
    with acting(EVERYTHING), transaction.atomic():
        return start_clock(actor=SYSTEM, kind="ORDER_PAUSE", subject=("matter", 1), span=span, at=at)


def in_a_thread(work) -> threading.Thread:
    def run():
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def somebody_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted LIMIT 1")
        return cursor.fetchone() is not None


def test_the_clocks_give_way_to_an_act_that_holds_the_matter_and_wants_its_clock(late_clock, at):
    """The act first has the matter's row and then wants the clock; the tick has the clock and wants the row."""
    moved: list[int] = []
    with acting(EVERYTHING), transaction.atomic():
        Heartbeat.objects.filter(part=MATTER).update(note="acted")
        ticking = in_a_thread(lambda: moved.append(tick(at=at)))
        while ticking.is_alive() and not somebody_waits_for_a_lock():
            pass
        Clock.objects.filter(pk=late_clock.pk).update(met_at=at, next_check_at=None)
    ticking.join()
    assert moved == [0]
    assert Heartbeat.objects.get(part=MATTER).note == "acted"


def test_a_clock_that_gave_way_fires_at_the_next_step(late_clock, at):
    moved: list[int] = []
    with acting(EVERYTHING), transaction.atomic():
        Heartbeat.objects.filter(part=MATTER).update(note="acted")
        ticking = in_a_thread(lambda: moved.append(tick(at=at)))
        ticking.join()
    assert moved == [0]
    assert tick(at=at) == 1
    assert tick(at=at) == 0
    assert Heartbeat.objects.get(part=MATTER).note == "late"


def lost() -> OperationalError:
    error = OperationalError("deadlock detected")
    error.__cause__ = errors.DeadlockDetected()
    return error


@pytest.fixture
def asked(db):
    """A request to a view that answers as each test says, its first answer having been a lost lock."""

    def ask(*answers):
        left = iter(answers)

        def view(request):
            answer = next(left)
            if isinstance(answer, Exception):
                raise answer
            return answer

        request = RequestFactory().post("/", headers={"HX-Request": "true"})
        request.resolver_match = ResolverMatch(view, (), {})
        return OnceMore(view).process_exception(request, lost())

    return ask


def test_a_request_that_lost_a_lock_is_answered_anew(asked):
    assert asked(lost(), HttpResponse("done")).content == b"done"


def test_what_the_other_one_did_may_forbid_it(asked):
    response = asked(Invalid("工单已经有人接了。", code="test.taken"))
    assert response.status_code == 422
    assert "已经有人接了" in response.content.decode()


def test_it_is_not_tried_for_ever(asked):
    with pytest.raises(OperationalError):
        asked(*(lost() for _ in range(10)))


def test_other_failures_are_not_its_business(rf):
    request = rf.post("/")
    request.resolver_match = None
    assert OnceMore(HttpResponse).process_exception(request, ValueError()) is None
