"""A line that goes down and comes back: seats know, nothing is lost, everything goes out in order and once."""

from datetime import timedelta

import pytest

from qingting.cases.selectors import holds_of
from qingting.core.errors import DomainError, NotFound
from qingting.core.models import Entry, Heartbeat
from qingting.core.scope import acting
from qingting.linkage import selectors, services
from qingting.linkage.models import Desk, DeskMessage, Handoff


@pytest.fixture
def same_thread(monkeypatch):
    """The pulse is felt in the test's own thread, which alone sees the test's transaction."""
    from qingting.linkage.services import links

    monkeypatch.setattr(links, "_feel", _ask_here)


def _ask_here(desk):
    from deskwire.errors import DeskError
    from qingting.linkage.wire import client_of

    try:
        client_of(desk).health()
    except DeskError as error:
        return error.code
    return ""


def beat(at, seconds):
    services.check_links(at=at + timedelta(seconds=seconds))
    return Desk.objects.get()


def test_the_first_answer_makes_the_line_known(police, same_thread, at, everything):
    assert beat(at, 0).state == "UP"
    assert Heartbeat.objects.filter(part="link:desk-110").exists()


def test_a_cut_line_is_known_to_the_station_within_five_seconds(police, same_thread, tree, at, everything):
    beat(at, 0)
    police.cut = True
    assert beat(at, 1.5).state == "UP"
    assert beat(at, 3.0).state == "DOWN"
    entry = Entry.objects.filter(name="linkage.link-changed").latest("at")
    assert entry.data["state"] == "DOWN"
    assert f"organisation:{tree.station.pk}" in entry.channels
    view = selectors.link_view("440000", at=at + timedelta(seconds=3))
    assert "中断" in view.trouble
    assert view.phone == "020-110"


def test_a_short_hiccup_alarms_nobody(police, same_thread, at, everything):
    beat(at, 0)
    police.cut = True
    beat(at, 1.5)
    police.cut = False
    beat(at, 3.0)
    assert Entry.objects.filter(name="linkage.link-changed").count() == 1


def test_everything_waits_and_goes_out_in_order_and_once(police, same_thread, agent_here, case, at, everything):
    beat(at, 0)
    police.cut = True
    handoff = services.hand_off(actor=agent_here, case_id=case.pk, item_number=1, at=at)
    for words in ("第一句", "第二句", "第三句"):
        services.send_supplement(actor=agent_here, handoff_id=handoff.pk, words=words, at=at)
    other = services.hand_off(actor=agent_here, case_id=case.pk, item_number=7, at=at)
    assert services.send_due(at=at) == 0
    assert beat(at, 4).state == "DOWN"
    assert selectors.queue_of(Desk.objects.get()).waiting == 5
    police.cut = False
    assert beat(at, 60).state == "UP"
    assert services.send_due(at=at + timedelta(seconds=60)) == 5
    mine = [m.body.get("text") for m in police.heard if m.link_id == str(handoff.link_id)]
    assert mine == [None, "第一句", "第二句", "第三句"]
    assert [m.seq for m in police.heard if m.link_id == str(other.link_id)] == [1]
    assert services.send_due(at=at + timedelta(seconds=61)) == 0


def test_a_receipt_that_got_lost_doubles_nothing(police, agent_here, case, at, everything):
    """The sender died between the other desk's commit and its own: it sends again, and the desk knows the message."""
    services.hand_off(actor=agent_here, case_id=case.pk, item_number=1, at=at)
    services.send_due(at=at)
    DeskMessage.objects.update(state="WAITING", next_attempt_at=at, delivered_at=None)
    Handoff.objects.update(state="QUEUED")
    assert services.send_due(at=at) == 1
    assert len(police.heard) == 1
    assert Handoff.objects.get().state == "SENT"


def test_a_claim_of_a_dead_sender_runs_out(police, agent_here, case, at, everything):
    from qingting.linkage.services import sending

    services.hand_off(actor=agent_here, case_id=case.pk, item_number=1, at=at)
    assert len(sending._claim(at=at, limit=20)) == 1  # and then it is killed
    assert services.send_due(at=at + timedelta(seconds=1)) == 0
    assert services.send_due(at=at + sending.LEASE + timedelta(seconds=1)) == 1


def test_a_paused_desk_gets_nothing_until_it_is_resumed(police, agent_here, leader_here, case, at, everything):
    desk = Desk.objects.get()
    with acting(leader_here.scope):
        services.pause_desk(actor=leader_here, desk_id=desk.pk, at=at)
    services.hand_off(actor=agent_here, case_id=case.pk, item_number=1, at=at)
    assert services.send_due(at=at) == 0
    assert "暂停" in selectors.link_view("440000", at=at).trouble
    with acting(leader_here.scope):
        services.resume_desk(actor=leader_here, desk_id=desk.pk, at=at)
    assert services.send_due(at=at) == 1


def test_a_message_refused_for_good_stops_its_link_and_tells_the_seat(
    police, agent_here, case, at, everything, monkeypatch
):
    from deskwire.errors import FinalError
    from qingting.cases.selectors import holds_of
    from qingting.linkage.services import sending
    from qingting.staff.models import Notice

    monkeypatch.setattr(sending, "_call", lambda item: FinalError("schema", "", 422))
    services.hand_off(actor=agent_here, case_id=case.pk, item_number=1, at=at)
    services.send_due(at=at)
    assert Handoff.objects.get().state == "FAILED"
    assert holds_of(agent_here, case.pk) == []
    assert Notice.objects.filter(kind="linkage.not-taken", account_id=agent_here.account_id).exists()


def test_what_their_system_refused_is_sent_again_by_a_person_and_arrives_once(
    police, people, case, at, everything, monkeypatch
):
    agent_here, agent_elsewhere = people
    handoff = services.hand_off(actor=agent_here, case_id=case.pk, item_number=1, at=at)
    services.send_supplement(actor=agent_here, handoff_id=handoff.pk, words="在北塔", at=at)
    good = police.receiver._checked
    monkeypatch.setattr(police.receiver, "_checked", _refuse)
    services.send_due(at=at)
    handoff.refresh_from_db()
    assert (handoff.state, selectors.refused_on(handoff)) == ("FAILED", "schema")
    assert holds_of(agent_here, case.pk) == []
    with acting(agent_elsewhere.scope), pytest.raises(NotFound):
        services.send_again(actor=agent_elsewhere, handoff_id=handoff.pk, at=at)
    monkeypatch.setattr(police.receiver, "_checked", good)
    services.send_again(actor=agent_here, handoff_id=handoff.pk, at=at + timedelta(minutes=2))
    assert [hold.kind for hold in holds_of(agent_here, case.pk)] == ["HANDOFF_OPEN"]
    services.send_due(at=at + timedelta(minutes=2))
    handoff.refresh_from_db()
    assert (handoff.state, [m.seq for m in police.heard]) == ("SENT", [1, 2])
    with pytest.raises(DomainError):
        services.send_again(actor=agent_here, handoff_id=handoff.pk, at=at)


@pytest.fixture
def people(agent_here, agent_elsewhere):
    return agent_here, agent_elsewhere


def _refuse(document, sender):
    from deskwire.problems import ProblemError

    raise ProblemError("schema", errors=[])
