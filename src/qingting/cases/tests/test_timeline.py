"""The story of a case begins before the case, in words, and everybody reads as much of it as they may."""

from datetime import timedelta

import pytest

from qingting.cases.models import CaseNumber
from qingting.cases.panels import PANELS, slots_for
from qingting.cases.selectors import timeline
from qingting.cases.services import add_note, know_person, open_case
from qingting.chat.events import DangerSeen, MessagePosted
from qingting.contacts.events import ContactOpened
from qingting.core.errors import NotFound
from qingting.core.events import publish
from qingting.core.grants import grant_access
from qingting.core.scope import acting

pytestmark = pytest.mark.django_db


@pytest.fixture
def talk(agent_here, contact, at):
    """What happened in the conversation before anybody thought of a case."""
    where = {"organisation_id": agent_here.organisation_id, "province": "440000", "conversation_id": 501}
    danger = DangerSeen(**where, message_id=9, level="CRITICAL", level_label="特急", raised=True)
    earlier = at - timedelta(minutes=5)
    with acting(agent_here.scope):
        publish(ContactOpened(**where, contact_id=contact.id, channel="WEB"), actor=agent_here, at=earlier)
        publish(MessagePosted(**where, message_id=9, seq=1, author="SEEKER"), actor=agent_here, at=earlier)
        publish(danger, actor=agent_here, at=earlier)


def words(actor, case) -> list[str]:
    with acting(actor.scope):
        return [line.what for line in timeline(actor, case.id)]


def test_it_begins_with_the_talk_and_leaves_single_messages_out(talk, case, agent_here):
    assert words(agent_here, case) == [
        "开始登记接触记录",
        "识别到危险信号：特急",
        f"建立个案 {case.number}",
    ]


def test_who_was_let_into_the_case_does_not_read_of_the_talk(talk, case, agent_here, tree, at):
    grant_access(actor=agent_here, subject=("case", case.id), to_organisation=tree.county.id, purpose="X", at=at)
    handler = tree.person("ORDER_HANDLER", tree.county)
    assert words(handler, case) == [f"建立个案 {case.number}"]


def test_a_line_says_who_for_whom_and_what_they_wrote(case, agent_here, at):
    with acting(agent_here.scope):
        add_note(actor=agent_here, case_id=case.id, words="母亲已赶到", at=at + timedelta(minutes=1))
        line = timeline(agent_here, case.id)[-1]
    assert (line.who, line.organisation, line.words) == ("李岚", "广东12355", "母亲已赶到")


def test_elsewhere_there_is_no_story(talk, case, agent_elsewhere):
    with acting(agent_elsewhere.scope), pytest.raises(NotFound):
        timeline(agent_elsewhere, case.id)


def test_a_person_known_later_belongs_to_the_case(case, agent_here):
    with acting(agent_here.scope):
        assert know_person(contact_id=case.contact_id, seeker_id=77) == 1
        case.refresh_from_db()
    assert case.seeker_id == 77


def test_numbers_begin_anew_each_year_in_beijing(agent_here, contact, new_case, at):
    last_minute = at.replace(year=2026, month=12, day=31, hour=15, minute=59)
    first_minute = last_minute + timedelta(minutes=1)
    with acting(agent_here.scope):
        old = open_case(actor=agent_here, contact_id=contact.id, new=new_case, at=last_minute)
        contact.pk, contact.conversation_id = contact.pk + 1, 502
        contact.save(force_insert=True)
        new = open_case(actor=agent_here, contact_id=contact.pk, new=new_case, at=first_minute)
    assert (old.number, new.number) == ("GD-2026-000001", "GD-2027-000001")
    assert CaseNumber.objects.count() == 2


def test_panels_are_shown_to_those_who_may_and_only_where_they_exist(monkeypatch):
    assert {slot.key for slot in slots_for(7, lambda permission: True)} <= {panel.key for panel in PANELS}
    assert [slot.key for slot in slots_for(7, lambda permission: permission == "orders.view")] == ["orders"]
    assert slots_for(7, lambda permission: False) == []
