"""What the host and the guests see and press, over HTTP."""

from datetime import timedelta

import pytest
from django.urls import reverse

from qingting.conferences.models import CaseConference, ConferenceDecision, ConferenceSeat
from qingting.core import time
from qingting.core.models import Entry
from qingting.core.scope import EVERYTHING, acting
from qingting.core.time import local

pytestmark = pytest.mark.slow


@pytest.fixture
def host(browser, leader_here):
    return browser(leader_here)


@pytest.fixture
def guest(browser, teacher):
    return browser(teacher)


def address(name, *args):
    return reverse(f"conferences:{name}", args=args)


def read(client, name, *args):
    answer = client.get(address(name, *args))
    return answer.status_code, answer.content.decode()


def begin(conference):
    with acting(EVERYTHING):
        CaseConference.objects.filter(pk=conference.pk).update(starts_at=time.now() - timedelta(minutes=1))


def test_called_together_on_a_page(host, case, school_office, teacher, at):
    assert "广东教育" in read(host, "convene", case.pk)[1]
    filled = {
        "kind": "PROTECTION",
        "topic": "一名初中生的返校",
        "starts_at": f"{local(at) + timedelta(hours=2):%Y-%m-%dT%H:%M}",
        "place": "视频会议",
        "agenda": "通报情况",
        "words": "两个月未到校",
        "guest": [school_office.pk],
        "tell": ["age"],
    }
    answer = host.post(address("convene", case.pk), filled)
    with acting(EVERYTHING):
        made = CaseConference.objects.get()
    assert answer["HX-Redirect"] == address("conference", made.pk)
    assert "一名初中生的返校" in read(host, "list")[1]
    assert "一名初中生的返校" in read(host, "panel", case.pk)[1]
    assert "两个月未到校" in read(host, "told", case.seeker_id)[1]


def test_nothing_filled_in_is_said_and_the_form_stays(host, case):
    answer = host.post(address("convene", case.pk), {"kind": "PROTECTION"}, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert "请至少邀请一个单位" in answer.content.decode()


def test_the_guest_sees_what_it_may_and_answers(guest, called, case):
    status, text = read(guest, "conference", called.pk)
    assert status == 200
    assert "两个月未到校" in text
    assert case.number not in text
    assert "记录到会和纪要" not in text
    assert guest.post(address("reply", called.pk), {"coming": "yes"}).status_code == 200
    with acting(EVERYTHING):
        assert ConferenceSeat.objects.get(invited="PAGE").state == "COMING"
    assert "一名初中生的返校和照护" in read(guest, "list")[1]
    assert guest.post(address("cancel", called.pk), {"words": "不开了"}).status_code == 403


def test_who_is_not_invited_gets_404(browser, called, stranger, agent_elsewhere):
    for actor in (stranger, agent_elsewhere):
        assert read(browser(actor), "conference", called.pk)[0] == 404


def test_minutes_decision_and_end(host, called, tree, at):
    begin(called)
    assert "记录到会和纪要" in read(host, "conference", called.pk)[1]
    with acting(EVERYTHING):
        seat = ConferenceSeat.objects.get(invited="PAGE")
    host.post(
        address("record", called.pk),
        {"came": [seat.pk], f"who_{seat.pk}": "陈老师", "minutes": "商定由区里家访，一周内完成。"},
    )
    decided = {
        "way": "ORDER",
        "words": "上门家访",
        "person": "林干事",
        "due": f"{local(at) + timedelta(days=5):%Y-%m-%d}",
        "urgency": "ROUTINE",
        "order_kind": "SCHOOLING",
        "handler": tree.county.pk,
    }
    assert host.post(address("decide", called.pk), decided).status_code == 200
    _, text = read(host, "conference", called.pk)
    assert "上门家访" in text
    assert "天河团区委 · 林干事" in text
    refused = host.post(address("close", called.pk), {"words": "都好了"}, headers={"HX-Request": "true"})
    assert refused.status_code in {409, 422}
    with acting(EVERYTHING):
        decision = ConferenceDecision.objects.get()
    assert host.get(address("decision", decision.pk)).url == address("conference", called.pk)
    host.post(address("waive", decision.pk), {"words": "本人已自行返校"})
    host.post(address("close", called.pk), {"words": "本人已返校，结束"})
    assert "已结束" in read(host, "conference", called.pk)[1]


def test_the_letter_names_no_person_and_is_answered_by_its_code(host, client, called):
    with acting(EVERYTHING):
        seat = ConferenceSeat.objects.get(invited="LETTER")
    _, text = read(host, "letter", seat.pk)
    assert "会商邀请函" in text
    with acting(EVERYTHING):
        assert Entry.objects.filter(name="conferences.letter-printed").exists()
    from django.core import signing

    token = signing.Signer(salt="conferences.letter").sign_object(seat.pk)
    behind = client.get(address("letter-reply", token)).content.decode()
    assert "一名初中生" not in behind
    assert client.post(address("letter-reply", token), {"coming": "no", "words": ""}).status_code == 422
    assert client.post(address("letter-reply", token), {"coming": "yes", "words": "赵法官"}).status_code == 200
    assert client.get(address("letter-reply", "forged")).status_code == 404
