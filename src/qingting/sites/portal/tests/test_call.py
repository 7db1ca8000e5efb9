"""Calling from the browser: told before anything is asked, an account for one visit, and where the call stands."""

import pytest
from django.conf import settings
from django.urls import reverse

from qingting.core.ids import new_id
from qingting.core.scope import EVERYTHING, acting
from qingting.telephony import services
from qingting.telephony.services import Arrival
from qingting.telephony.tests.conftest import engine, line  # noqa: F401


@pytest.fixture
def issued(client, tree, engine):  # noqa: F811
    """What a visitor's page gets after the tap."""
    return client.post(reverse("portal:call-account"))


def test_it_is_said_first_what_calling_means(client, db):
    page = client.get(reverse("portal:call"))
    text = page.content.decode()
    for words in ("会录音", "我们看不到你的号码", "麦克风", "打字聊", "tel:12355"):
        assert words in text
    assert settings.VISIT_COOKIE not in page.cookies


def test_a_visit_gets_an_account_that_dials_the_line_and_nothing_else(issued, engine):  # noqa: F811
    said = issued.json()
    assert issued.status_code == 201
    assert said["socket"].startswith("/telephony/sip")
    assert engine.open[said["username"]].context == "from-visit"


def test_a_second_tap_replaces_the_first_account(client, issued, engine):  # noqa: F811
    again = client.post(reverse("portal:call-account")).json()
    assert set(engine.open) == {again["username"]}


def test_somebody_who_waits_is_told_their_place(client, issued, line, at):  # noqa: F811
    arrival = Arrival(new_id(), "asterisk", "channel-1", "12355", "", issued.json()["username"])
    with acting(EVERYTHING):
        call = services.begin_call(arrival=arrival, at=at)
        services.queue_call(call_id=call.id, at=at)
    said = client.get(reverse("portal:call-state")).json()
    assert said["state"] == "WAITING"
    assert said["place"]["position"] == 1


def test_nobody_hears_of_somebody_elses_call(client, issued, line, at):  # noqa: F811
    with acting(EVERYTHING):
        services.begin_call(arrival=Arrival(new_id(), "asterisk", "channel-2", "12355", "13800138000"), at=at)
    assert client.get(reverse("portal:call-state")).json() == {"state": "", "place": None}
    client.cookies.clear()
    assert client.get(reverse("portal:call-state")).status_code == 401
