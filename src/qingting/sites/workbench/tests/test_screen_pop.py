"""What a seat sees of a caller before anybody speaks: earlier talks, danger, cases; never the number, never another station's."""

from datetime import timedelta

import pytest
from django.urls import reverse

from qingting.contacts.selectors import contact_for_call
from qingting.core.ids import new_id
from qingting.core.scope import EVERYTHING, acting
from qingting.sites.workbench.screen_pop import screen_pop
from qingting.telephony import services
from qingting.telephony.models import CallAct
from qingting.telephony.services import Arrival, Wish
from qingting.telephony.states import Outcome
from qingting.telephony.tests.conftest import engine, line, ready, rings, sit_down  # noqa: F401

NUMBER = "13800138000"


@pytest.fixture
def talked(rings, ready, at):  # noqa: F811
    """The counsellor here talked with this number yesterday and marked danger."""
    yesterday = at - timedelta(days=1)
    call = rings(NUMBER, moment=yesterday)
    with acting(EVERYTHING):
        services.queue_call(call_id=call.id, at=yesterday)
        services.take_call(call_id=call.id, account_id=ready.account_id, channel="seat-1", at=yesterday)
        services.note_danger(actor=ready, call_id=call.id, level="URGENT", at=yesterday)
        services.end_call(call_id=call.id, outcome=Outcome.TALKED, at=yesterday)
    return call


def popped(actor, call, at):
    with acting(actor.scope):
        return screen_pop(actor, call, at=at)


def test_a_number_that_called_before_brings_its_record_and_its_danger(talked, rings, ready, at):  # noqa: F811
    pop = popped(ready, rings(NUMBER), at)
    assert (pop.known.earlier_calls, pop.known.last_account_id) == (1, ready.account_id)
    assert pop.danger == "URGENT"
    with acting(ready.scope):
        assert [row.contact for row in pop.contacts] == [contact_for_call(ready, talked.id)]


def test_danger_of_long_ago_is_not_shown_as_of_today(talked, rings, ready, at):  # noqa: F811
    later = at + timedelta(days=30)
    assert popped(ready, rings(NUMBER, moment=later), later).danger == ""


def test_another_number_brings_nothing_of_it(talked, rings, ready, at):  # noqa: F811
    pop = popped(ready, rings("13900139000"), at)
    assert (pop.known.earlier_calls, pop.danger, pop.contacts, pop.cases) == (0, "", [], [])


def test_somebody_whom_we_were_to_call_back_is_recognised(rings, ready, at):  # noqa: F811
    missed = rings(NUMBER, moment=at - timedelta(hours=1))
    with acting(EVERYTHING):
        services.end_call(call_id=missed.id, outcome=Outcome.ABANDONED, at=at)
    again = rings(NUMBER)
    pop = popped(ready, again, at)
    assert pop.task is not None
    assert pop.task.reason == "ABANDONED"


def test_the_panel_shows_it_without_the_number(talked, rings, ready, sign_in, leader_here):  # noqa: F811
    call = rings(NUMBER)
    page = sign_in(leader_here).get(reverse("workbench:call-known", args=[call.id])).content.decode()
    assert "打来过 1 次" in page
    assert NUMBER not in page


def test_a_call_from_the_portal_is_named_so(line, ready, at):  # noqa: F811
    with acting(EVERYTHING):
        call = services.begin_call(
            arrival=Arrival(new_id(), "asterisk", "channel-of-a-visit", "12355", "", "visit-1"), at=at
        )
    call.visit_id = new_id()
    assert popped(ready, call, at).known.number == "网页来电"


def test_a_colleague_who_is_asked_in_sees_the_call_while_it_rings_and_not_before(
    talked,
    rings,  # noqa: F811
    ready,  # noqa: F811
    tree,
    sign_in,
    at,
):
    colleague = tree.person("COUNSELLOR", tree.station)
    sit_down(colleague, at)
    call = rings(NUMBER)
    with acting(EVERYTHING):
        services.queue_call(call_id=call.id, at=at)
        services.take_call(call_id=call.id, account_id=ready.account_id, channel="seat-2", at=at)
    client, address = sign_in(colleague), reverse("telephony:call", args=[call.id])
    assert client.get(address).status_code == 404
    wish = Wish("CONSULT", to_account_id=colleague.account_id)
    with acting(ready.scope):
        act = services.ask_act(actor=ready, call_id=call.id, wish=wish, at=at)
    assert client.get(address).json()["asked_by"]
    with acting(EVERYTHING):
        services.settle_act(act_id=act.id, problem="对方没有接听。", at=at)
        assert CallAct.objects.get(pk=act.id).state == "REFUSED"
    assert client.get(address).status_code == 404
