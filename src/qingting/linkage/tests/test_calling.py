"""110 asks to be brought into a call: the seat is asked, and both desks' records tell who was in it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from deskwire.moments import to_wire
from qingting.cases.models import Case
from qingting.cases.selectors import timeline
from qingting.contacts.models import Contact
from qingting.core import time
from qingting.core.errors import DomainError
from qingting.core.models import Entry
from qingting.core.scope import EVERYTHING, acting
from qingting.linkage import services
from qingting.linkage.selectors.joining import join_asked
from qingting.staff.models import Notice
from qingting.telephony import services as telephony
from qingting.telephony.services import Party
from qingting.telephony.states import LegKind, LegMode, Outcome
from qingting.telephony.tests.conftest import engine, line, ready, rings, talking  # noqa: F401


@pytest.fixture
def link(agent_here, case, police, talking, at):  # noqa: F811
    """A handoff about somebody who is on the telephone with the counsellor here."""
    with acting(EVERYTHING):
        contact = Contact.objects.get(call_id=talking.id)
        Case.objects.filter(pk=case.pk).update(contact_id=contact.pk)
    with acting(agent_here.scope):
        handoff = services.hand_off(actor=agent_here, case_id=case.pk, item_number=1, at=at)
    services.send_due(at=at)
    return str(handoff.link_id)


def asks(police, link, at, **more):
    until = to_wire(at + timedelta(minutes=5))
    room = {"uri": "sip:desk-110@hotline"}
    return police.says(link, "call-invite", {"purpose": "THREE_WAY_CALL", "room": room, "validUntil": until, **more})


def test_110_learns_which_call_the_handoff_is_about(link, police, talking):  # noqa: F811
    assert police.heard[0].body["calls"][0]["callId"] == str(talking.id)


@pytest.mark.parametrize(("more", "mode"), [({}, "SPEAK"), ({"listenOnly": ["desk-110"]}, "LISTEN")])
def test_the_seat_is_asked_and_told_whether_110_would_speak(link, police, agent_here, at, more, mode):
    asks(police, link, at, **more)
    with acting(EVERYTHING):
        entry = Entry.objects.get(name="linkage.call-join-asked")
        noticed = Notice.objects.filter(kind="linkage.call-join-asked", account_id=agent_here.account_id)
        assert noticed.count() == 1
    assert entry.data["mode"] == mode
    assert f"account:{agent_here.account_id}" in entry.channels


def test_once_the_call_is_over_it_is_an_invitation_by_telephone(link, police, talking, at, everything):  # noqa: F811
    telephony.end_call(call_id=talking.id, outcome=Outcome.TALKED, at=at)
    asks(police, link, at)
    assert not Entry.objects.filter(name="linkage.call-join-asked").exists()
    assert Notice.objects.filter(kind="linkage.call-invited").exists()


def test_call_and_handoff_are_one_story_at_both_desks(link, police, talking, case, agent_here, at):  # noqa: F811
    asks(police, link, at, listenOnly=["desk-110"])
    party = Party(LegKind.POLICE_110, "police-1", None, LegMode.LISTEN)
    with acting(EVERYTHING):
        telephony.join_leg(call_id=talking.id, party=party, at=at)
        telephony.end_leg(call_id=talking.id, channel="police-1", at=at)
    services.send_due(at=at)
    assert [message.body["text"] for message in police.heard[1:]] == ["110已在通话中（只听）。", "110已离开通话。"]
    with acting(agent_here.scope):
        told = [row.what for row in timeline(agent_here, case.pk)]
    for words in ("咨询师接听电话", "110请求加入通话（只听）", "110加入通话（只听）", "110离开通话"):
        assert any(words in row for row in told), words


def test_a_seat_that_says_not_now_tells_the_desk_so_and_may_be_asked_again(link, police, talking, agent_here, at):  # noqa: F811
    with acting(agent_here.scope), pytest.raises(DomainError):
        services.decline_join(actor=agent_here, call_id=talking.id, at=at)
    asks(police, link, at)
    with acting(EVERYTHING):
        assert join_asked(talking, at=at)["mode"] == "SPEAK"
    with acting(agent_here.scope):
        services.decline_join(actor=agent_here, call_id=talking.id, at=at)
    services.send_due(at=at)
    assert "暂未同意" in police.heard[-1].body["text"]
    with acting(EVERYTHING):
        assert join_asked(talking, at=at) is None
    asks(police, link, at, listenOnly=["desk-110"])
    with acting(EVERYTHING):
        assert join_asked(talking, at=at)["mode"] == "LISTEN"
        assert join_asked(talking, at=at + timedelta(minutes=6)) is None


def test_a_page_loaded_anew_is_told_that_110_still_waits(link, police, talking, agent_here, browser):  # noqa: F811
    address = reverse("linkage:join", args=[talking.id])
    assert browser(agent_here).get(address).json() == {"asked": None}
    asks(police, link, time.now())
    assert browser(agent_here).get(address).json()["asked"]["mode"] == "SPEAK"
    assert browser(agent_here).post(address).status_code == 204
    assert browser(agent_here).get(address).json() == {"asked": None}


def test_nobody_else_answers_110_for_the_seat(link, talking, agent_elsewhere, browser):  # noqa: F811
    assert browser(agent_elsewhere).post(reverse("linkage:join", args=[talking.id])).status_code == 404


def test_a_call_without_a_handoff_is_told_to_no_other_desk(police, talking, at):  # noqa: F811
    with acting(EVERYTHING):
        telephony.join_leg(call_id=talking.id, party=Party(LegKind.POLICE_110, "police-1"), at=at)
    services.send_due(at=at)
    assert police.heard == []
