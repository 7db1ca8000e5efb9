"""What people see and press, over HTTP."""

import pytest
from django.urls import reverse

from qingting.core.scope import EVERYTHING, acting
from qingting.linkage import services
from qingting.linkage.models import Desk, Handoff

pytestmark = pytest.mark.slow


@pytest.fixture
def seat(sign_in, agent_here):
    return sign_in(agent_here)


def page(client, name, *args, **query):
    answer = client.get(reverse(f"linkage:{name}", args=args), query)
    return answer.status_code, answer.content.decode()


def test_before_the_click_the_item_is_chosen_and_the_content_shown(seat, case, police):
    status, text = page(seat, "panel", case.pk)
    assert status == 200
    assert '<option value="1" selected>' in text
    assert "一键流转110" in text
    assert 'data-key="Alt+1"' in text
    assert "《个人信息保护法》第十三条" in text
    assert "尾号5678" in text
    assert "天台" not in text


def test_the_preview_follows_the_choice_and_shows_the_place_on_demand(seat, case, police):
    _, text = page(seat, "preview", case.pk, item=4, full=1)
    assert "第4项" in text
    assert "天台" in text
    assert "强制报告" in text


def test_one_click_and_the_panel_shows_where_it_stands(seat, case, police):
    answer = seat.post(reverse("linkage:hand-off", args=[case.pk]), {"item": 1, "with_phone": "on"})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "已发出" in text
    assert "等待对方签收" in text
    assert "linkage-changed" in answer["HX-Trigger-After-Settle"]  # 110 may have answered before this was drawn


def test_number_steps_and_words_appear(seat, case, police, at, agent_here):
    with acting(EVERYTHING):
        handoff = services.hand_off(actor=agent_here, case_id=case.pk, item_number=1, at=at)
        services.send_due(at=at)
        police.acknowledges(str(handoff.link_id))
        police.progresses(str(handoff.link_id))
        police.results(str(handoff.link_id), reached=None)
    _, text = page(seat, "panel", case.pk)
    assert "4401062026030400017" in text
    assert "已派警力前往" in text
    assert "确认民警已见到本人" in text


def test_a_handoff_needs_an_item(seat, case, police):
    answer = seat.post(reverse("linkage:hand-off", args=[case.pk]), {"item": ""}, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert "请先选择清单事项" in answer.content.decode()


@pytest.mark.parametrize("name", ["panel", "preview"])
def test_another_province_gets_404(sign_in, agent_elsewhere, case, police, name):
    status, _ = page(sign_in(agent_elsewhere), name, case.pk, item=1)
    assert status == 404


def test_without_the_permission_it_is_403(sign_in, tree, case, police):
    handler = sign_in(tree.person("ORDER_HANDLER", tree.station))
    answer = handler.post(reverse("linkage:hand-off", args=[case.pk]), {"item": 1})
    assert answer.status_code == 403
    assert page(handler, "desks")[0] == 403
    status, text = page(handler, "panel", case.pk)
    assert status == 200
    assert "hand-off-form" not in text


def test_the_banner_names_the_telephone_while_the_line_is_down(seat, police, at):
    with acting(EVERYTHING):
        Desk.objects.update(state="DOWN", last_checked_at=at)
    _, text = page(seat, "banner")
    assert "020-110" in text
    assert "中断" in text
    with acting(EVERYTHING):
        Desk.objects.update(state="UP")
    assert page(seat, "banner")[1].strip() == ""


def test_operations_show_the_queue_and_pause(sign_in, leader_here, police, case, agent_here, at):
    leader = sign_in(leader_here)
    with acting(EVERYTHING):
        services.hand_off(actor=agent_here, case_id=case.pk, item_number=1, at=at)
        desk = Desk.objects.get()
    status, text = page(leader, "desks")
    assert status == 200
    assert "待送达" in text
    assert leader.post(reverse("linkage:pause", args=[desk.pk])).status_code == 204
    assert "恢复发送" in page(leader, "desks")[1]


def test_an_incident_is_taken_and_answered_from_its_page(seat, police):
    police.to_platform.send(police.hands_off(number=1, urgency="CRITICAL"))
    with acting(EVERYTHING):
        incident = Handoff.objects.get()
    assert "待签收" in page(seat, "incoming")[1]
    _, text = page(seat, "handoff", incident.pk)
    assert "三方通话" in text
    assert "13800138000" not in text
    assert seat.post(reverse("linkage:take", args=[incident.pk])).status_code == 200
    _, text = page(seat, "handoff", incident.pk)
    assert "向广东110反馈" in text
    seat.post(reverse("linkage:progress", args=[incident.pk]), {"code": "COUNSELLOR_ENGAGED", "words": "已接入"})
    seat.post(reverse("linkage:result", args=[incident.pk]), {"code": "COUNSELLED", "words": ""})
    with acting(EVERYTHING):
        assert Handoff.objects.get().state == "COMPLETED"


def test_the_list_shows_what_runs(seat, case, police, agent_here, at):
    with acting(EVERYTHING):
        services.hand_off(actor=agent_here, case_id=case.pk, item_number=1, at=at)
    _, text = page(seat, "list")
    assert case.number in text


def test_the_wire_is_mounted_and_refuses_the_unsigned(client, police):
    answer = client.post("/deskwire/v1/messages", b"{}", content_type="application/json")
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert "Signature" in answer
    assert client.post("/deskwire/v1/messages", b"x" * 300_000, content_type="application/json").status_code == 413
