"""An account at the engine belongs to one login or one visit, opens its own socket only, and ends with it."""

from datetime import timedelta

import httpx
import pytest

from qingting.core.errors import Invalid, NotAllowed
from qingting.core.scope import acting
from qingting.duty.models import Presence
from qingting.telephony import selectors, services
from qingting.telephony.engine import AsteriskEngine, BrowserAccount
from qingting.telephony.models import SipAccount
from qingting.telephony.sip_socket import may_say
from qingting.telephony.tests.conftest import sit_down

pytestmark = pytest.mark.django_db


def test_a_new_account_of_the_same_login_ends_the_one_before(agent_here, engine, at, everything):
    first = services.issue_seat_account(actor=agent_here, session_id=7, at=at)
    second = services.issue_seat_account(actor=agent_here, session_id=7, at=at)
    assert set(engine.open) == {second.username}
    assert SipAccount.objects.get(username=first.username).ended_at == at
    assert engine.open[second.username].context == "refuse"


@pytest.mark.parametrize(("silent", "hold"), [(10, 60), (3, 5)], ids=["by default", "as configured"])
def test_a_seat_that_falls_silent_is_given_up_soon_also_while_it_holds(monkeypatch, settings, silent, hold):
    told = {}

    def asked(method, url, *, json, **more):
        told[url.split("/")[-2]] = {field["attribute"]: field["value"] for field in json["fields"]}
        return httpx.Response(200)

    monkeypatch.setattr("qingting.telephony.engine.httpx.request", asked)
    if (silent, hold) != (10, 60):
        settings.SEAT_SILENT_SECONDS, settings.SEAT_HOLD_SECONDS = silent, hold
    AsteriskEngine().open_account(BrowserAccount("seat-1", "…", "refuse"))
    assert (told["endpoint"]["rtp_timeout"], told["endpoint"]["rtp_timeout_hold"]) == (str(silent), str(hold))


def test_who_may_not_talk_gets_no_account(tree, at):
    handler = tree.person("ORDER_HANDLER", tree.county, "办理员")
    with acting(handler.scope), pytest.raises(NotAllowed):
        services.issue_seat_account(actor=handler, session_id=7, at=at)


def test_a_pass_opens_its_own_login_only(agent_here, at, everything):
    issued = services.issue_seat_account(actor=agent_here, session_id=7, at=at)
    assert selectors.account_of_pass(issued.socket_pass, "", at=at) == ""
    assert selectors.account_of_pass("forged", "", at=at) == ""


def test_accounts_of_dead_logins_are_not_known_any_more(agent_here, at, everything):
    services.issue_seat_account(actor=agent_here, session_id=7, at=at)  # no such session
    assert selectors.live_sip_accounts(at=at) == {}


def test_a_seat_is_reachable_while_its_browser_is_registered(ready, at, everything):
    presence = Presence.objects.get(account_id=ready.account_id)
    assert presence.reachable
    username = SipAccount.objects.get(account_id=ready.account_id, ended_at=None).username
    services.note_registration(username=username, registered=False, at=at)
    presence.refresh_from_db()
    assert not presence.reachable


def test_a_telephone_of_ones_own_makes_reachable_and_is_kept_sealed(agent_here, leader_here, at, everything):
    sit_down(leader_here, at)
    services.use_own_telephone(actor=leader_here, number="139 0000 0001", at=at)
    own = SipAccount.objects.get(kind="PHONE")
    assert b"13900000001" not in bytes(own.number_sealed)
    assert own.number_tail == "01"
    services.use_own_telephone(actor=leader_here, number="", at=at)
    assert not SipAccount.objects.filter(kind="PHONE", ended_at=None).exists()
    with pytest.raises(Invalid):
        services.use_own_telephone(actor=agent_here, number="abc", at=at)


def test_accounts_expire(agent_here, at, everything):
    issued = services.issue_seat_account(actor=agent_here, session_id=7, at=at)
    assert issued.expires_at <= at + timedelta(hours=14)


@pytest.mark.parametrize(
    ("frame", "passes"),
    [
        ("REGISTER sip:hotline SIP/2.0\r\nFrom: <sip:seat-1@hotline>;tag=1\r\n", True),
        ("INVITE sip:12355@hotline SIP/2.0\r\nf: <sip:seat-1@hotline>;tag=1\r\n", True),
        ("INVITE sip:12355@hotline SIP/2.0\r\nFrom: <sip:trunk@hotline>;tag=1\r\n", False),
        ('INVITE sip:12355@hotline SIP/2.0\r\nFrom: "seat-1" <sip:desk-110@hotline>\r\n', False),
        ("INVITE sip:12355@hotline SIP/2.0\r\n", False),
        ("SIP/2.0 200 OK\r\nFrom: <sip:anybody@hotline>\r\n", True),
        ("\r\n\r\n", True),
    ],
)
def test_on_a_socket_one_speaks_for_oneself(frame, passes):
    assert may_say(frame, "seat-1") is passes
