"""A crisis by telephone: the same clock, the call in place with who is in it, and nothing for those who may not see the call."""

from datetime import timedelta

import pytest
from django.urls import reverse

from qingting.contacts.services import Beginning, open_contact
from qingting.core.actors import system_for
from qingting.core.models import Clock
from qingting.core.scope import EVERYTHING, acting
from qingting.directory.models import ClockRule
from qingting.risk import selectors, services
from qingting.telephony.models import Call, Leg
from qingting.telephony.services.danger import raise_danger

pytestmark = pytest.mark.django_db


@pytest.fixture
def thirty_minutes():
    ClockRule.objects.update_or_create(
        organisation=None,
        kind="CRISIS_INTERVENTION",
        defaults={"minutes": 30, "warn_minutes_before": 10, "escalate_minutes": 10, "source": "测试"},
    )


@pytest.fixture
def call(here, at):
    row = Call.objects.create(
        organisation_id=here.organisation_id,
        province=here.province,
        direction="IN",
        state="TALKING",
        asterisk="asterisk",
        channel="channel-1",
        account_id=here.account_id,
        number_tail="00",
        number_sealed=b"sealed",
        started_at=at,
        answered_at=at,
    )
    for kind, account, mode in (
        ("CALLER", None, "SPEAK"),
        ("SEAT", here.account_id, "SPEAK"),
        ("LEADER", 5, "WHISPER"),
    ):
        Leg.objects.create(
            organisation_id=here.organisation_id,
            province=here.province,
            call=row,
            kind=kind,
            mode=mode,
            account_id=account,
            channel="c",
            joined_at=at,
        )
    return row


@pytest.fixture
def spoken(here, call, at):
    """The contact of the call."""
    return open_contact(actor=here, beginning=Beginning("PHONE", at, call_id=call.pk, answered_at=at), at=at)


def grave(call, at, level="CRITICAL"):
    with acting(EVERYTHING):
        raise_danger(call, level, actor=system_for(call.organisation_id, call.province), at=at)


def page(client, contact) -> str:
    return str(client.get(reverse("risk:crisis", args=[contact.pk])).content.decode())


def test_the_first_mark_of_danger_starts_the_clock_and_a_second_gives_no_more_time(
    here, call, spoken, thirty_minutes, at
):
    grave(call, at, "URGENT")
    grave(call, at + timedelta(minutes=5), "CRITICAL")
    [clock] = Clock.objects.filter(subject_kind="call", subject_id=call.pk)
    assert clock.due_at == at + timedelta(minutes=30)
    assert selectors.machine_danger(here, spoken.pk) == ("CRITICAL", at)
    assert selectors.crisis_clock(spoken).pk == clock.pk


def test_a_mark_of_ordinary_matters_starts_none(call, spoken, thirty_minutes, at):
    grave(call, at, "ROUTINE")
    assert not Clock.objects.filter(subject_kind="call").exists()


def test_beginning_to_intervene_meets_it_once(here, call, spoken, thirty_minutes, at):
    grave(call, at)
    assert services.record_intervention(actor=here, contact_id=spoken.pk, at=at)
    assert not services.record_intervention(actor=here, contact_id=spoken.pk, at=at)
    assert selectors.crisis_clock(spoken).met_at == at


def test_the_page_shows_the_call_who_is_in_it_and_what_can_be_done(here, call, spoken, browser, thirty_minutes, at):
    grave(call, at)
    shown = page(browser(here), spoken)
    assert "介入还剩" in shown
    assert "通话中标记" in shown
    assert "只对坐席说" in shown
    assert 'data-telephone="[data-ask=HOLD]"' in shown
    assert "标记通话危险等级：特急" in shown.split('id="timeline"')[1]


def test_a_leader_may_listen_from_the_page_and_a_counsellor_elsewhere_sees_nothing(
    call, spoken, leader_here, agent_elsewhere, browser
):
    client = browser(leader_here)
    shown = page(client, spoken)
    listening = reverse("workbench:call-listeners", args=[call.pk])
    assert listening in shown
    assert "data-telephone=" not in shown
    offered = client.get(listening).content.decode()
    assert 'data-mode="LISTEN"' in offered
    assert 'data-mode="WHISPER"' in offered
    assert browser(agent_elsewhere).get(listening).status_code == 404
    assert browser(agent_elsewhere).get(reverse("risk:crisis", args=[spoken.pk])).status_code == 404
