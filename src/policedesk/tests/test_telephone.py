"""The operator's telephone: who may use it, and which incident a call is about."""

import pytest

from policedesk.desk import assemble
from policedesk.selectors import history
from policedesk.settings import read_settings
from policedesk.tests.conftest import introduce
from policedesk.tests.pages import PASSWORD, Browser, sign_in, submit
from policedesk.web.app import make_app
from policedesk.web.telephone import may_say

pytestmark = pytest.mark.slow

CALL = "7301234567890123456"


@pytest.fixture
def parts(tmp_path, peer, clock):
    """A desk with a telephone."""
    password = tmp_path / "telephone.password"
    password.write_text("secret-of-the-desk")
    given = ["--data", str(tmp_path / "data"), "--peer-url", peer.url, "--telephone-address", "ws://127.0.0.1:1/ws"]
    made = assemble(read_settings([*given, "--telephone-password-file", str(password)], {}), clock)
    introduce(peer, made)
    made.operators.save("110001", "陈警官", PASSWORD)
    return made


@pytest.fixture
def incident(peer, deliver):
    handoff = peer.hand_off(calls=[{"callId": CALL, "startedAt": "2026-11-22T05:00:00Z", "ongoing": True}])
    deliver(handoff)
    return f"/incidents/{handoff.link_id}"


def test_nobody_gets_the_account_without_signing_in(browser):
    answer = browser.get("/telephone")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert "secret-of-the-desk" not in browser.post("/telephone/account", data={}).text


def test_an_operator_gets_it_only_with_their_pages_token(browser):
    sign_in(browser)
    assert browser.post("/telephone/account", data={"form_token": "made-up"}).status_code == 403


def test_a_call_shows_its_incident(browser, incident):
    sign_in(browser)
    assert incident in browser.get(f"/telephone/calls/{CALL}").text


def test_a_call_without_an_incident_says_so(browser, incident):
    sign_in(browser)
    answer = browser.get("/telephone/calls/1")
    assert incident not in answer.text
    assert "请接听后询问" in answer.text


def test_a_desk_without_a_telephone_says_so(tmp_path, peer, clock):
    plain = assemble(read_settings(["--data", str(tmp_path / "plain"), "--peer-url", peer.url], {}), clock)
    plain.operators.save("110001", "陈警官", PASSWORD)
    browser = Browser(make_app(plain))
    sign_in(browser)
    assert "本台没有接电话" in browser.get("/telephone").text


@pytest.mark.parametrize(
    ("frame", "may"),
    [
        ("REGISTER sip:hotline SIP/2.0\r\nFrom: <sip:desk-110@hotline>;tag=1\r\n", True),
        ("INVITE sip:12355@hotline SIP/2.0\r\nFrom: <sip:seat-1@hotline>;tag=1\r\n", False),
        ("INVITE sip:12355@hotline SIP/2.0\r\nf: sip:13800138000@hotline;tag=1\r\n", False),
        ("SIP/2.0 200 OK\r\nFrom: <sip:seat-1@hotline>\r\n", True),
        ("\r\n\r\n", True),
        ("INVITE sip:12355@hotline SIP/2.0\r\n", False),
    ],
)
def test_a_page_speaks_for_the_desks_account_only(frame, may):
    assert may_say(frame, "desk-110") is may


def test_an_operator_asks_to_be_brought_into_the_call(browser, incident, parts):
    sign_in(browser)
    page = submit(browser, incident, f"{incident}/call-request", listen="on").text
    assert "已请求加入通话" in page
    assert "请求持续监听通话" in page
    [asked] = [line.message for line in history(parts.database, incident.rsplit("/", 1)[1]) if line.ours]
    assert asked.body["purpose"] == "THREE_WAY_CALL"
    assert asked.body["room"] == {"uri": "sip:desk-110@hotline"}
    assert asked.body["listenOnly"] == [parts.settings.me.desk]


def test_without_a_call_there_is_nothing_to_join(browser, peer, deliver):
    handoff = peer.hand_off()
    deliver(handoff)
    sign_in(browser)
    assert "加入 12355 的通话" not in browser.get(f"/incidents/{handoff.link_id}").text
