"""Telephone calls on pages: who finds which call, whom it can go to, and that no number is ever shown."""

from datetime import timedelta

import pytest
from django.urls import reverse

from qingting.contacts.selectors import contact_for_call
from qingting.core import time
from qingting.core.scope import EVERYTHING, acting
from qingting.duty.services import set_presence
from qingting.telephony import services
from qingting.telephony.models import CallbackTask
from qingting.telephony.states import Outcome
from qingting.telephony.tests.conftest import engine, line, ready, rings, sit_down  # noqa: F401

NUMBER = "13800138000"


@pytest.fixture
def talking(rings, ready, at):  # noqa: F811
    """The counsellor here talks with somebody who has dialled."""
    call = rings(NUMBER)
    with acting(EVERYTHING):
        services.queue_call(call_id=call.id, at=at)
        services.take_call(call_id=call.id, account_id=ready.account_id, channel="seat-1", at=at)
    return call


def shown(client, name, *ids, **query):
    return client.get(reverse(f"workbench:{name}", args=ids), query)


def test_everybody_who_may_talk_has_the_telephone_on_each_page(sign_in, agent_here, tree):
    page = sign_in(agent_here).get(reverse("workbench:home")).content.decode()
    assert 'id="telephone"' in page
    handler = tree.person("ORDER_HANDLER", tree.county)
    other = sign_in(handler, "another-token").get(reverse("workbench:home")).content.decode()
    assert 'id="telephone"' not in other


def test_the_record_lies_beside_the_talk(sign_in, ready, talking):  # noqa: F811
    with acting(ready.scope):
        contact = contact_for_call(ready, talking.id)
    page = shown(sign_in(ready), "call-sheet", talking.id).content.decode()
    assert reverse("contacts:panel", args=[contact.id]) in page
    assert NUMBER not in page


def test_a_call_is_out_of_sight_elsewhere(sign_in, agent_elsewhere, talking):
    client = sign_in(agent_elsewhere)
    for name in ("call", "call-sheet", "call-people"):
        assert shown(client, name, talking.id).status_code == 404


def test_a_call_can_go_to_a_colleague_whose_telephone_would_ring(sign_in, ready, talking, leader_here, at):  # noqa: F811
    sit_down(leader_here, at)
    page = shown(sign_in(ready), "call-people", talking.id).content.decode()
    assert f'data-to="{leader_here.account_id}"' in page
    assert f'data-to="{ready.account_id}"' not in page


def test_a_colleague_without_a_telephone_is_not_offered(sign_in, ready, talking, tree, at):  # noqa: F811
    colleague = tree.person("COUNSELLOR", tree.station)
    with acting(colleague.scope):
        set_presence(actor=colleague, state="READY", at=at)
    page = shown(sign_in(ready), "call-people", talking.id).content.decode()
    assert f'data-to="{colleague.account_id}"' not in page
    assert "电话没有打开" in page


def test_a_counsellor_finds_their_own_calls_and_a_leader_all(sign_in, ready, talking, leader_here, tree):  # noqa: F811
    colleague = tree.person("COUNSELLOR", tree.station)
    link = reverse("workbench:call", args=[talking.id])
    assert link in shown(sign_in(ready), "calls").content.decode()
    assert link in shown(sign_in(leader_here, "leaders"), "calls").content.decode()
    assert link not in shown(sign_in(colleague, "colleagues"), "calls").content.decode()


def test_calls_are_found_by_their_outcome(sign_in, ready, talking, at):  # noqa: F811
    client, link = sign_in(ready), reverse("workbench:call", args=[talking.id])
    with acting(EVERYTHING):
        services.end_call(call_id=talking.id, outcome=Outcome.TALKED, at=at + timedelta(seconds=95))
    page = shown(client, "calls", outcome="TALKED").content.decode()
    assert link in page
    assert "1:35" in page
    assert NUMBER not in page
    assert link not in shown(client, "calls", outcome="BUSY").content.decode()


def test_whoever_gave_up_waiting_is_called_back(sign_in, ready, rings, at):  # noqa: F811
    call = rings(NUMBER)
    with acting(EVERYTHING):
        services.end_call(call_id=call.id, outcome=Outcome.ABANDONED, at=at)
        task = CallbackTask.objects.get()
    page = shown(sign_in(ready), "callbacks").content.decode()
    assert reverse("telephony:call-back", args=[task.id]) in page
    assert NUMBER not in page


def test_an_attempt_is_followed_by_rest(sign_in, ready, rings, at):  # noqa: F811
    call = rings(NUMBER)
    with acting(EVERYTHING):
        services.end_call(call_id=call.id, outcome=Outcome.ABANDONED, at=at)
        task = CallbackTask.objects.get()
        CallbackTask.objects.update(attempts=1, not_before=time.now() + timedelta(days=1))
    page = shown(sign_in(ready), "callbacks").content.decode()
    assert reverse("telephony:call-back", args=[task.id]) not in page
    assert "已拨 1 次" in page


@pytest.fixture
def proposed(ready, talking):  # noqa: F811
    with acting(ready.scope):
        return services.propose_block(actor=ready, call_id=talking.id, words="连续辱骂三次", days=7, at=time.now())


def test_a_second_person_reviews_a_block(sign_in, leader_here, proposed):
    page = shown(sign_in(leader_here), "blocks").content.decode()
    assert "连续辱骂三次" in page
    assert reverse("telephony:agree-to-block", args=[proposed.id]) in page
    assert NUMBER not in page


def test_the_blocked_numbers_are_for_whoever_reviews_them(sign_in, ready, proposed):  # noqa: F811
    assert shown(sign_in(ready), "blocks").status_code == 403


def test_the_shift_leader_sees_what_goes_on_and_may_listen(sign_in, leader_here, talking):
    page = shown(sign_in(leader_here), "calls-here").content.decode()
    assert f'data-lead="{talking.id}"' in page
    assert NUMBER not in page


def test_only_a_shift_leader_may_listen(sign_in, ready, talking):  # noqa: F811
    assert shown(sign_in(ready), "calls-here").status_code == 403
