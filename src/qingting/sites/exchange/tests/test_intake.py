"""A system of the house hands over a contact with its case and order: once, within its rights, with faults named."""

import copy
import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client

from qingting.cases.models import Case
from qingting.contacts.models import Contact
from qingting.core.models import Entry
from qingting.core.scope import EVERYTHING, acting
from qingting.orders.models import WorkOrder
from qingting.sites.exchange.models import ApiKey, Receipt
from qingting.sites.exchange.services import forget_old_receipts, issue_key, revoke_key
from qingting.sites.exchange.tests.conftest import PARCEL, System
from qingting.staff.models import Account, Post, Session
from qingting.staff.sessions import digest

pytestmark = pytest.mark.django_db


def changed(place, value):
    part, _, field = place.partition(".")
    parcel = copy.deepcopy(PARCEL)
    if field:
        parcel[part][field] = value
    else:
        parcel[part] = value
    return parcel


def stored() -> tuple[int, int, int]:
    with acting(EVERYTHING):
        return Contact.objects.count(), Case.objects.count(), WorkOrder.objects.count()


def test_a_parcel_becomes_contact_case_and_order(system, agent_here, everything):
    answer = system.hand_in()
    assert answer.status_code == 201, answer.content
    taken = answer.json()
    order = WorkOrder.objects.select_related("case").get(pk=int(taken["order_id"]))
    assert (order.number, order.case.number) == (taken["order_number"], taken["case_number"])
    assert order.urgency == order.case.urgency == "URGENT"
    assert order.division == "440106"
    assert Contact.objects.get(pk=int(taken["contact_id"])).account_id == agent_here.account_id
    told = Entry.objects.filter(case_id=order.case_id).values_list("name", "acting_as")
    assert set(told) == {("cases.opened", "machine"), ("orders.drafted", "machine")}


def test_the_same_parcel_handed_in_again_is_answered_again_and_stored_once(system):
    first = system.hand_in(**{"Idempotency-Key": "call-7"})
    again = system.hand_in(**{"Idempotency-Key": "call-7"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert stored() == (1, 1, 1)


def test_another_parcel_under_the_same_key_is_refused(system):
    system.hand_in(**{"Idempotency-Key": "call-7"})
    answer = system.hand_in(changed("contact.summary", "另一件事"), **{"Idempotency-Key": "call-7"})
    assert (answer.status_code, answer.json()["code"]) == (409, "exchange.intake.key-reused")
    assert stored() == (1, 1, 1)


def test_a_refused_parcel_leaves_its_key_free(system):
    assert system.hand_in(changed("contact.category", "NONE"), **{"Idempotency-Key": "x"}).status_code == 422
    assert system.hand_in(**{"Idempotency-Key": "x"}).status_code == 201


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("contact.channel", "PIGEON"),
        ("contact.channel", "WEB"),
        ("contact.started_at", "yesterday"),
        ("contact.started_at", "2026-03-04T11:30:00"),
        ("contact.started_at", "2027-03-04T11:30:00+08:00"),
        ("contact.age_band", "very young"),
        ("contact.category", "NONE"),
        ("contact.declared_division", "999999"),
        ("contact.special_groups", "LEFT_BEHIND"),
        ("contact.summary", ""),
        ("contact.summary", 7),
        ("contact.phone", "13800000000"),
        ("case.urgency", "SOON"),
        ("order.kind", "MAGIC"),
        ("order.instructions", ""),
        ("order.handler_organisation_id", "Tianhe"),
        ("order", []),
        ("seeker", {}),
    ],
)
def test_a_fault_is_named_by_its_field_and_nothing_is_stored(system, place, value):
    answer = system.hand_in(changed(place, value))
    assert answer.status_code == 422, answer.content
    assert place in answer.json()["fields"]
    assert stored() == (0, 0, 0)


def test_what_is_no_json_or_too_long_is_refused(system):
    assert system.hand_in("x" * 70_000).status_code == 422
    answer = system.client.post(
        "/api/v1/intake", "{", content_type="application/json", headers={"Authorization": f"Bearer {system.key}"}
    )
    assert answer.json()["code"] == "exchange.intake.malformed"


def test_nobody_without_a_live_key_gets_in(system, key, everything, at):
    assert System("qk_guessed").hand_in().status_code == 401
    assert Client().post("/api/v1/intake", "{}", content_type="application/json").status_code == 401
    row = ApiKey.objects.get()
    assert key.encode() not in bytes(row.digest)
    revoke_key(key_id=row.pk, at=at)
    assert system.hand_in().status_code == 401
    assert stored() == (0, 0, 0)
    assert [entry.name for entry in Entry.objects.order_by("id")][-1] == "exchange.api-key-revoked"


def test_a_key_dies_with_the_post_it_stands_on(system, agent_here, everything, at):
    Post.objects.filter(account_id=agent_here.account_id).update(valid_to=at)
    assert system.hand_in().status_code == 401


def test_a_key_may_do_what_its_holders_post_may_and_no_more(tree, key, at):
    handler = tree.person("ORDER_HANDLER", tree.county, "何敏")
    with acting(EVERYTHING):
        other = issue_key(account_id=handler.account_id, organisation=tree.county, label="县系统", at=at)
    assert System(other).hand_in().status_code == 403
    assert stored() == (0, 0, 0)


def test_rows_belong_to_the_key_holders_organisation(system, tree, agent_elsewhere):
    system.hand_in()
    with acting(agent_elsewhere.scope):
        assert Case.objects.count() == 0
    with acting(EVERYTHING):
        assert {row.organisation_id for row in Case.objects.all()} == {tree.station.pk}


def test_an_order_for_another_province_is_refused_whole(system, tree):
    answer = system.hand_in(changed("order.handler_organisation_id", str(tree.elsewhere.pk)))
    assert answer.json()["code"] == "orders.handler.not-ours"
    assert stored() == (0, 0, 0)


def test_old_receipts_go(system, everything, at):
    system.hand_in(**{"Idempotency-Key": "old"})
    assert forget_old_receipts(at=at) == 0
    Receipt.objects.update(at=at.replace(year=2025))
    assert forget_old_receipts(at=at) == 1


def test_the_description_names_every_field_and_asks_no_third_party(client, category):
    answer = client.get("/api/v1/openapi.json")
    parts = answer.json()["components"]["schemas"]["Parcel"]["properties"]
    assert set(PARCEL["contact"]) <= set(parts["contact"]["properties"])
    assert "PSYCHOLOGY" in parts["order"]["properties"]["kind"]["enum"]
    assert b"http" not in answer.content.replace(b'"type": "http"', b"")


def test_keys_are_issued_listed_and_revoked_by_command(tree, agent_here, capsys, monkeypatch):
    username = Account.objects.get(pk=agent_here.account_id).username
    call_command("api-key", "issue", username, "呼叫中心")
    key = capsys.readouterr().out.strip()
    assert key.startswith("qk_")
    call_command("api-key", "list")
    listed = capsys.readouterr().out
    assert "呼叫中心" in listed
    assert key not in listed
    call_command("api-key", "revoke", listed.split()[0])
    call_command("api-key", "list")
    assert "已停用" in capsys.readouterr().out


def test_a_signed_in_person_needs_the_pages_form_token_too(tree, agent_here, at, category, clock_rules):
    browser = Client(enforce_csrf_checks=True)
    token = "a session's token"
    Session.objects.create(
        account_id=agent_here.account_id,
        organisation=tree.station,
        digest=digest(token),
        created_at=at,
        last_seen_at=at,
        expires_at=at + timedelta(hours=1),
        second_factor_at=at,
    )
    browser.cookies["qt_session"] = token
    parcel = json.dumps(PARCEL)
    assert browser.post("/api/v1/intake", parcel, content_type="application/json").status_code == 403
    browser.get("/account/sign-in")
    browser.get("/account/")
    form_token = {"X-CSRFToken": browser.cookies["qt_csrf"].value}
    answer = browser.post("/api/v1/intake", parcel, content_type="application/json", headers=form_token)
    assert answer.status_code == 201, answer.content
