"""Every journal entry is counted once, whatever is killed and whenever it commits; others' numbers stay theirs."""

import time
from datetime import timedelta

import pytest
from django.db import transaction

from qingting.cases.events import CaseOpened, CaseSignedOff
from qingting.complaints.events import ComplaintAnswered, ComplaintReceived
from qingting.core.events import publish
from qingting.core.journal import append
from qingting.core.models import Entry
from qingting.core.scope import EVERYTHING, acting
from qingting.followups.events import RatingGiven
from qingting.statistics import selectors, services
from qingting.statistics.models import CaseFact, ReadMark
from qingting.statistics.rules import Period, local_day
from qingting.telephony.events import CallbackEnded, CallbackPlanned, CallBegun, CallEnded, CallTaken

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def told(agent_here, at):
    """A case that was opened, rated with 5 and signed off."""
    place = {"organisation_id": agent_here.organisation_id, "province": "440000"}
    with acting(EVERYTHING), transaction.atomic():
        publish(
            CaseOpened(
                **place, case_id=9, contact_id=3, number="GD-1", category="C", urgency="CRITICAL", division="440106"
            ),
            actor=agent_here,
            at=at,
        )
        publish(RatingGiven(**place, invitation_id=1, case_id=9, score=5), actor=agent_here, at=at)
        publish(CaseSignedOff(**place, case_id=9, note_id=1), actor=agent_here, at=at)


def read_all(at):
    """Until everything is taken in; another test's open transaction may hold the horizon back for a moment."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        services.refresh(at=at)
        with acting(EVERYTHING), transaction.atomic():
            mark = ReadMark.objects.get()
            if Entry.objects.order_by("-id").values_list("id", flat=True)[0] == mark.entry_id:
                return
    raise AssertionError("the journal was not read to its end")


def values(actor, at):
    with acting(actor.scope), transaction.atomic():
        day = local_day(at)
        return {tile.key: tile.value for tile in selectors.tiles(actor, Period(day, day))}


def test_the_road_of_a_case_is_counted(told, agent_here, at):
    read_all(at)
    shown = values(agent_here, at)
    assert (shown["cases"], shown["signed-off"], shown["score"]) == ("1", "1", "5.0分")


@pytest.fixture
def rang(agent_here, at):
    """Four calls: answered after 8 and after 40 seconds, given up, turned away; one callback promised and made."""
    place = {"organisation_id": agent_here.organisation_id, "province": "440000"}

    def tell(event, later=0, **words):
        append(event(**place, **words), actor=agent_here, at=at + timedelta(seconds=later))

    with acting(EVERYTHING), transaction.atomic():
        for call in (1, 2, 3, 4):
            tell(CallBegun, call_id=call, direction="IN", direction_label="呼入")
        tell(CallBegun, call_id=5, direction="OUT", direction_label="呼出")
        tell(CallTaken, 8, call_id=1)
        tell(CallTaken, 40, call_id=2)
        tell(CallTaken, 90, call_id=1, again=True)
        tell(CallEnded, 99, call_id=3, outcome="ABANDONED", outcome_label="", seconds=0)
        tell(CallEnded, 99, call_id=4, outcome="REFUSED", outcome_label="", seconds=0)
        tell(CallbackPlanned, 99, call_id=3, task_id=7, reason="ABANDONED", reason_label="")
        tell(CallbackEnded, 300, call_id=3, task_id=7, state="DONE", state_label="")


def test_whether_the_telephone_is_answered_is_counted_as_the_standard_asks(rang, agent_here, at):
    read_all(at)
    read_all(at)
    with acting(agent_here.scope), transaction.atomic():
        found = {tile.key: tile for tile in selectors.tiles(agent_here, Period(local_day(at), local_day(at)))}
    assert (found["calls"].value, found["calls"].note) == ("3", "回拨任务1，已回拨1")
    assert (found["calls-answered"].value, found["calls-answered"].note) == ("66.7%", "要求95%以上，放弃1")
    assert (found["calls-quick"].value, found["calls-quick"].note) == ("33.3%", "用时中位8秒")


def test_reading_again_counts_nothing_twice(told, agent_here, at):
    read_all(at)
    read_all(at)
    assert values(agent_here, at)["cases"] == "1"


def test_counted_anew_it_is_the_same(told, agent_here, at):
    read_all(at)
    services.rebuild(at=at)
    read_all(at)
    assert values(agent_here, at)["signed-off"] == "1"


def test_another_province_counts_none_of_it(told, agent_elsewhere, at):
    read_all(at)
    assert values(agent_elsewhere, at)["cases"] == "0"
    with acting(agent_elsewhere.scope), transaction.atomic():
        assert not CaseFact.objects.exists()


def test_complaints_are_counted_where_the_work_is(agent_here, leader_here, tree, at):
    about = {"complaint_id": 5, "about_organisation_id": tree.station.id, "about": "ORDER", "source": "PORTAL"}
    place = {"organisation_id": tree.province.id, "province": "440000", **about, "level": 0}
    with acting(EVERYTHING), transaction.atomic():
        publish(ComplaintReceived(**place), actor=agent_here, at=at)
        publish(ComplaintAnswered(**place, finding="TRUE"), actor=agent_here, at=at)
    read_all(at)
    with acting(leader_here.scope), transaction.atomic():
        day = local_day(at)
        shown = {tile.key: (tile.value, tile.note) for tile in selectors.tiles(leader_here, Period(day, day))}
    assert shown["complaints"] == ("1", "已答复1，属实1")
