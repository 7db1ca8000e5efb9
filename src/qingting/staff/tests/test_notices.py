"""Who must act is told once, in words, at the post where they can act."""

from datetime import timedelta

import pytest

from qingting.core.clocks import Span, start_clock, tick
from qingting.core.errors import NotFound
from qingting.core.models import Entry
from qingting.core.scope import acting
from qingting.staff import notices, selectors, services
from qingting.staff.services import News

pytestmark = pytest.mark.django_db


def news(dedupe: str = "") -> News:
    return News(kind="core.clock-breached:CONSULTATION", subject=("case", 7), urgency="URGENT", dedupe=dedupe)


@pytest.fixture
def told(tree, at, everything):
    services.notify_holders(organisation_id=tree.station.id, permission="duty.lead", news=news("once"), at=at)


def test_holders_of_the_permission_see_it_and_others_do_not(told, leader_here, agent_here):
    with acting(leader_here.scope):
        assert [entry.subject_id for entry in selectors.notices_for(leader_here)] == [7]
        assert selectors.unread_count(leader_here) == 1
    with acting(agent_here.scope):
        assert selectors.notices_for(agent_here) == []


def test_the_wall_keeps_it_from_another_province(told, tree, agent_elsewhere):
    with acting(agent_elsewhere.scope):
        assert selectors.notices_for(agent_elsewhere) == []


def test_the_same_news_is_told_once_and_browsers_hear_of_it_once(told, tree, at):
    services.notify_holders(organisation_id=tree.station.id, permission="duty.lead", news=news("once"), at=at)
    entries = Entry.objects.filter(name="staff.notice-raised")
    assert [f"organisation:{tree.station.id}" in entry.channels for entry in entries] == [True]


def test_it_is_read_by_each_person_for_themselves(told, tree, leader_here, at):
    colleague = tree.person("SHIFT_LEADER", tree.station, "另一位")
    notice = selectors.notices_for(leader_here)[0]
    services.mark_read(actor=leader_here, notice_id=notice.id, at=at)
    services.mark_all_read(actor=leader_here, at=at)
    assert (selectors.unread_count(leader_here), selectors.unread_count(colleague)) == (0, 1)


def test_what_was_told_to_somebody_else_is_not_found(told, leader_here, agent_here, at):
    notice = selectors.notices_for(leader_here)[0]
    with pytest.raises(NotFound):
        services.mark_read(actor=agent_here, notice_id=notice.id, at=at)


def test_one_person_can_be_told(tree, agent_here, leader_here, at, everything):
    services.notify_account(organisation_id=tree.station.id, account_id=agent_here.account_id, news=news(), at=at)
    assert selectors.unread_count(agent_here) == 1
    assert selectors.unread_count(leader_here) == 0


def test_a_clock_that_runs_out_climbs_to_the_province(tree, agent_here, at, everything):
    hour = timedelta(hours=1)
    span = Span(due_at=at + 2 * hour, warn_at=at + hour, escalate_every=hour)
    start_clock(actor=agent_here, kind="CONSULTATION", subject=("case", 7), span=span, at=at)
    for hours in (1, 2, 3):
        tick(at=at + hours * hour)
    city_leader = tree.person("DUTY_CADRE", tree.province)
    assert [notices.text_of(entry.kind) for entry in selectors.notices_for(city_leader)] == [
        "“咨询解决”超时仍未处理，已逐级上报"
    ]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("core.clock-warned:CRISIS_INTERVENTION", "“危机介入”时限即将到期"),
        ("core.clock-breached:SOMETHING_NEW", "“SOMETHING_NEW”已超过时限"),
        ("nobody.knows", "有一项事务需要您查看"),
    ],
)
def test_a_kind_has_words(kind, text):
    assert notices.text_of(kind) == text
