"""Beside the chat: the form restores what was typed, registers when it is complete, and shows others what they may see."""

from datetime import timedelta

import pytest
from django.urls import reverse

from qingting.contacts import services
from qingting.contacts.models import Contact
from qingting.core.grants import grant_access
from qingting.core.time import local, now


def at_record(name, contact):
    return reverse(f"contacts:{name}", args=[contact.pk])


@pytest.fixture
def seat(browser, here):
    return browser(here)


def test_a_draft_comes_back_after_a_crash(seat, contact):
    answer = seat.post(at_record("draft", contact), {"summary": "她说不想回家", "version": "0", "tab": "a"})
    assert answer.json()["version"] == 1
    page = seat.get(at_record("panel", contact)).content.decode()
    assert "她说不想回家" in page
    assert "已保存" in page


def test_a_draft_never_holds_a_name(seat, contact):
    seat.post(at_record("draft", contact), {"summary": "…", "NAME": "陈小雨", "value": "13812345678"})
    contact.refresh_from_db()
    assert set(contact.draft) == {"summary"}


def test_a_refused_registration_leaves_the_draft_as_it_was(seat, contact):
    typed = {"summary": "她说不想回家"}
    seat.post(at_record("draft", contact), typed)
    answer = seat.post(at_record("save", contact), typed, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert "还差" in answer.content.decode()
    assert "她说不想回家" in seat.get(at_record("panel", contact)).content.decode()


def test_danger_in_the_summary_is_pointed_out_while_it_is_written(seat, browser, contact, agent_elsewhere):
    words = {"summary": "来电人是母亲。女儿在遗书里写今晚就从楼顶跳下去！情绪激动。"}
    page = seat.post(at_record("danger", contact), words).content.decode()
    assert "特急" in page
    assert "楼顶" in page
    assert seat.post(at_record("danger", contact), {"summary": "问报名时间"}).content.decode().strip() == ""
    assert browser(agent_elsewhere).post(at_record("danger", contact), words).status_code == 404


def test_registering_and_adding_later(seat, contact, filled):
    page = seat.post(at_record("save", contact), {**filled, "keep_seeker": "on"}).content.decode()
    assert "保存补充" in page
    contact.refresh_from_db()
    assert contact.state == "COMPLETED"
    assert contact.seeker_id
    seat.post(at_record("save", contact), {**filled, "gender": "FEMALE", "version": contact.draft_version})
    contact.refresh_from_db()
    assert contact.gender == "FEMALE"


def test_without_the_tick_no_person_is_recorded(seat, contact, filled):
    seat.post(at_record("save", contact), filled)
    contact.refresh_from_db()
    assert contact.seeker_id is None


def test_places_open_one_below_the_other(seat, contact):
    answer = seat.get(reverse("contacts:divisions"), {"division_province": "440000"})
    page = answer.content.decode()
    assert "广州市" in page
    assert "天河区" not in page
    both = {"division_province": "440000", "division_city": "440100"}
    assert "天河区" in seat.get(reverse("contacts:divisions"), both).content.decode()
    stale = {"division_province": "450000", "division_city": "440100", "division_county": "440106"}
    seat.post(at_record("draft", contact), stale)
    contact.refresh_from_db()
    assert contact.draft["declared_division"]["value"] == "450000"


def test_personal_data_begin_with_a_pseudonym(seat, contact):
    assert "匿名" in seat.get(at_record("vault", contact)).content.decode()
    page = seat.post(at_record("start-vault", contact)).content.decode()
    contact.refresh_from_db()
    assert reverse("seekers:vault", args=[contact.seeker_id]) in page


def test_the_risk_level_follows_an_assessment(seat, contact, here, at):
    services.note_risk_level(actor=here, contact_id=contact.pk, level="CRITICAL", at=at)
    page = seat.get(at_record("risk-field", contact)).content.decode()
    assert 'value="CRITICAL" checked' in page


def test_a_visit_is_recorded_by_hand(seat, here):
    start = local(now() - timedelta(days=1))
    form = {"channel": "WALK_IN", "started_at": start.strftime("%Y-%m-%dT%H:%M"), "ended_at": ""}
    assert seat.get(reverse("contacts:new")).status_code == 200
    answer = seat.post(reverse("contacts:new"), form)
    contact = Contact.objects.get()
    assert answer["Location"] == reverse("contacts:detail", args=[contact.pk])
    assert local(contact.started_at).strftime("%H:%M") == start.strftime("%H:%M")
    assert seat.post(reverse("contacts:new"), {**form, "started_at": "gestern"}).status_code == 422


def test_the_list_and_the_page(seat, contact, filled):
    seat.post(at_record("save", contact), filled)
    page = seat.get(reverse("contacts:list"), {"category": "FAMILY", "since": "2026-03-01", "page": "1"})
    assert "家庭暴力" in page.content.decode()
    assert "没有符合条件的记录" in seat.get(reverse("contacts:list"), {"state": "DRAFT"}).content.decode()
    assert seat.get(reverse("contacts:list"), {"since": "31.12.", "page": "x", "seeker": "x"}).status_code == 200
    assert "首问负责" in seat.get(at_record("detail", contact)).content.decode()


def test_the_list_costs_the_same_however_long_it_is(
    seat, contact, here, at, django_assert_max_num_queries, django_assert_num_queries
):
    with django_assert_max_num_queries(30) as first:
        seat.get(reverse("contacts:list"))
    for minutes in range(20):
        services.record_walk_in(actor=here, channel="WALK_IN", started_at=at - timedelta(minutes=minutes + 1), at=at)
    with django_assert_num_queries(len(first.captured_queries)):
        seat.get(reverse("contacts:list"))


def test_whom_it_was_opened_to_reads_it(browser, tree, seat, contact, filled, at):
    seat.post(at_record("save", contact), filled)
    station = tree.person("COUNSELLOR", tree.station, "开放")
    grant_access(actor=station, subject=("contact", contact.pk), to_organisation=tree.county.pk, purpose="ORDER", at=at)
    page = browser(tree.person("COUNSELLOR", tree.county)).get(at_record("panel", contact)).content.decode()
    assert filled["summary"] in page
    assert "<form" not in page


def test_elsewhere_it_is_not_there(browser, agent_elsewhere, contact, filled):
    client = browser(agent_elsewhere)
    for name in ("detail", "panel", "vault", "risk-field"):
        assert client.get(at_record(name, contact)).status_code == 404
    for name in ("draft", "save", "start-vault"):
        assert client.post(at_record(name, contact), filled).status_code == 404
    assert "还没有接触记录" in client.get(reverse("contacts:list")).content.decode()


def test_who_may_only_read_may_not_record(browser, tree, contact, filled):
    client = browser(tree.person("REVIEWER", tree.station))
    assert client.get(at_record("panel", contact)).status_code == 200
    assert client.post(at_record("draft", contact), filled).status_code == 403
