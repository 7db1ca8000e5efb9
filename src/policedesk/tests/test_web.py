"""An operator's day on the pages, and what the pages refuse."""

from datetime import timedelta

import pytest

from deskwire.envelope import MessageType
from policedesk.operators import MAX_FAILURES
from policedesk.tests.pages import forms_of, sign_in, submit, words
from policedesk.web.render import running

pytestmark = pytest.mark.slow


@pytest.fixture
def seat(browser):
    sign_in(browser)
    return browser


@pytest.fixture
def case(peer, deliver):
    handoff = peer.hand_off(
        locations=[
            {
                "method": "DEVICE",
                "confidence": "HIGH",
                "observedAt": "2026-11-22T05:00:00Z",
                "text": "体育东路 3 栋天台",
                "lat": 23.130061,
                "lng": 113.328302,
                "datum": "GCJ02",
            }
        ],
        persons=[{"role": "HELP_SEEKER", "under14": True, "note": "<script>alert(1)</script>"}],
        riskSnapshot={
            "level": "CRITICAL",
            "assessedAt": "2026-11-22T05:00:00Z",
            "facts": [{"code": "PLAN_WITHIN_24H", "text": "今晚"}],
        },
    )
    deliver(handoff)
    return f"/incidents/{handoff.link_id}"


def test_nothing_is_shown_without_signing_in(browser, case):
    for path in ("/", case, "/handoffs/new", "/incidents/rows"):
        answer = browser.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert browser.get("/live").status_code == 401
    assert browser.get("/line", headers={"sec-fetch-mode": "cors"}).status_code == 401


def test_wrong_passwords_lock_the_account_for_a_while(browser, clock):
    for _ in range(MAX_FAILURES):
        assert "工号或密码不对" in sign_in(browser, password="wrong").text
    assert "锁定" in sign_in(browser).text
    clock.ahead += timedelta(minutes=16)
    assert sign_in(browser).status_code == 303
    assert "工号或密码不对" in sign_in(browser, code="999999").text


def test_signing_in_needs_the_page_s_own_form(browser):
    answer = browser.post("/sign-in", data={"code": "110001", "password": "a long password", "form_token": "x"})
    assert answer.status_code == 403


def test_a_session_ends_by_signing_out_and_by_time(seat, clock):
    clock.ahead += timedelta(hours=13)
    assert seat.get("/").status_code == 303
    sign_in(seat)
    assert seat.get("/").status_code == 200
    submit(seat, "/", "/sign-out")
    assert seat.get("/").status_code == 303


def test_cookies_and_headers_guard_the_pages(browser):
    fields = forms_of(browser.get("/sign-in").text)["/sign-in"]
    answer = browser.post("/sign-in", data={**fields, "code": "110001", "password": "a long password"})
    session = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("policedesk_session"))
    assert "HttpOnly" in session
    assert "SameSite=strict" in session
    policy = browser.get("/").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert browser.get("/").headers["cache-control"] == "no-store"


def test_a_form_without_its_token_does_nothing(seat, case):
    form = forms_of(seat.get(case).text)[f"{case}/acknowledgement"]
    assert seat.post(f"{case}/acknowledgement", data={**form, "form_token": "x"}).status_code == 403
    assert "待签收" in words(seat.get(case).text)


def test_the_empty_list_says_what_will_happen(seat):
    assert "没有待签收的警情" in seat.get("/").text


def test_an_operator_sees_what_was_sent_and_nothing_runs(seat, case):
    text = seat.get(case).text
    seen = words(text)
    for expected in (
        "体育东路 3 栋天台",
        "23.130061, 113.328302",
        "设备定位",
        "未满十四周岁",
        "今晚",
        "紧急情况下保护生命安全",
    ):
        assert expected in seen
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text


def test_no_page_holds_inline_script_style_or_a_foreign_address(seat, case):
    for path in ("/", case, "/handoffs/new"):
        text = seat.get(path).text
        assert " style=" not in text
        assert "onclick" not in text
        assert "http://" not in text.replace("http://127.0.0.1", "")
        assert "https://" not in text


def test_one_click_takes_the_case_with_the_shown_number(seat, case):
    number = forms_of(seat.get(case).text)[f"{case}/acknowledgement"]["incident_no"]
    page = words(submit(seat, case, f"{case}/acknowledgement").text)
    assert "已签收" in page
    assert number in page


def test_the_number_can_be_the_real_one(seat, case):
    assert "J4401-77" in submit(seat, case, f"{case}/acknowledgement", incident_no="J4401-77").text


def test_a_number_that_the_wire_does_not_carry_is_refused_with_the_typed_text_kept(seat, case):
    answer = submit(seat, case, f"{case}/acknowledgement", incident_no="号 1")
    assert answer.status_code == 409
    assert "/body/incidentNo" in answer.text
    assert 'value="号 1"' in answer.text


def test_the_whole_road_on_the_pages(seat, case, parts, peer):
    submit(seat, case, f"{case}/acknowledgement")
    submit(seat, case, f"{case}/progress", stage="DISPATCHED")
    submit(seat, case, f"{case}/progress", stage="ON_SCENE", text="已到楼下")
    submit(seat, case, f"{case}/note", text="已联系物业")
    page = submit(seat, case, f"{case}/result", outcome="WITH_GUARDIAN", reached="yes")
    assert "已交监护人；民警已见到本人" in words(page.text)
    assert "待送达" in page.text
    while parts.line.send_due():
        pass
    assert [m.seq for m in peer.applied()] == [1, 2, 3, 4, 5]
    assert peer.applied()[-1].body["officersReachedPerson"] is True
    assert "已送达" in seat.get(case).text


def test_a_result_needs_the_confirmation(seat, case):
    submit(seat, case, f"{case}/acknowledgement")
    answer = submit(seat, case, f"{case}/result", outcome="PERSON_SAFE")
    assert "请确认民警是否已见到本人" in answer.text


def test_sending_back_needs_a_reason_in_words(seat, case):
    answer = submit(seat, case, f"{case}/rejection", reason="NOT_OUR_AREA")
    assert "请写明退回的理由" in answer.text
    page = submit(seat, case, f"{case}/rejection", reason="NOT_OUR_AREA", text="属白云分局")
    assert "已退回" in words(page.text)


HANDOFF = {
    "item": "2",
    "summary": "出警后仍需心理干预",
    "under14": "no",
    "basis": "LEGAL_DUTY",
    "place": "派出所",
    "method": "OTHER",
    "callback": "02088880000",
    "age": "16",
}


def test_110_hands_its_own_incident_over(seat, parts, peer):
    page = submit(seat, "/handoffs/new", "/handoffs", **HANDOFF)
    assert "待送达" in page.text
    assert parts.line.send_due() == 1
    handoff = peer.applied()[0]
    item = handoff.body["listItem"]
    assert (item["direction"], item["no"], item["urgency"]) == ("110-to-12355", 2, "URGENT")
    assert handoff.body["persons"] == [{"role": "HELP_SEEKER", "under14": False, "ageYears": 16}]


def test_a_number_is_given_once_whichever_page_showed_it(seat, case, peer, parts):
    submit(seat, "/handoffs/new", "/handoffs", **HANDOFF)
    submit(seat, case, f"{case}/acknowledgement")
    while parts.line.send_due():
        pass
    numbers = [m.body["incidentNo"][-4:] for m in peer.applied()]
    assert sorted(numbers) == ["0001", "0002"]


def test_what_12355_adds_stands_above_everything(seat, case, peer, deliver):
    link_id = case.rpartition("/")[2]
    deliver(peer.say(MessageType.NOTE, {"text": "人已走到北侧"}, link_id))
    room = {"uri": "tel:02012355901", "pin": "4821"}
    invite = {"purpose": "THREE_WAY_CALL", "room": room, "validUntil": "2026-11-22T05:30:00Z"}
    deliver(peer.say(MessageType.CALL_INVITE, invite, link_id))
    seen = words(seat.get(case).text)
    assert seen.index("三方通话") < seen.index("人已走到北侧") < seen.index("12355 提供的情况")
    assert "02012355901" in seen


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"item": "77"}, "请选择转办事项"),
        ({"summary": " "}, "请写明情况"),
        ({"under14": ""}, "未满十四周岁"),
        ({"basis": ""}, "披露依据"),
        ({"callback": "不详"}, "/body/callback/phone"),
    ],
)
def test_a_handoff_that_lacks_something_says_what_and_keeps_the_rest(seat, change, expected):
    answer = submit(seat, "/handoffs/new", "/handoffs", **{**HANDOFF, **change})
    assert expected in answer.text
    assert 'value="派出所"' in answer.text


def test_an_unknown_case_step_or_piece_is_not_found(seat, case):
    missing = "/incidents/00000000-0000-4000-8000-000000000009"
    assert seat.get(missing).status_code == 404
    assert seat.get(f"{case}/pieces/secrets").status_code == 404
    form = forms_of(seat.get(case).text)[f"{case}/acknowledgement"]
    assert seat.post(f"{case}/gossip", data=form).status_code == 404


def test_every_piece_of_a_page_can_be_fetched_alone(seat, case):
    for piece in ("standing", "news", "facts", "history", "actions"):
        assert seat.get(f"{case}/pieces/{piece}").status_code == 200
    assert "待签收" in seat.get("/incidents/rows").text


def test_healthz_is_plain_json(browser):
    assert browser.get("/healthz").json() == {
        "status": "ok",
        "desk": "desk-110",
        "line": "unknown",
        "undelivered": 0,
    }


def test_an_oversize_message_is_refused_by_the_wire(browser):
    answer = browser.post("/deskwire/v1/messages", content=b"x" * 400_000)
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


def test_running_clocks_read_like_clocks(clock):
    now = clock()
    shown = [running(now - timedelta(seconds=s), now) for s in (0, 133, 3909, 266_400)]
    assert shown == ["00:00", "02:13", "1:05:09", "3天2小时"]
