"""A counsellor's key at Guangdong's station, and what a system would hand in with it."""

import json
from typing import Any

import pytest
from django.test import Client

from qingting.cases.tests.conftest import clock_rules  # noqa: F401
from qingting.core import time
from qingting.core.scope import EVERYTHING, acting
from qingting.directory.models import CaseCategory
from qingting.sites.exchange.services import issue_key

PARCEL: dict[str, Any] = {
    "contact": {
        "channel": "PHONE",
        "started_at": "2026-03-04T11:30:00+08:00",
        "ended_at": "2026-03-04T11:50:00+08:00",
        "caller_kind": "SELF",
        "age_band": "FROM_14_TO_17",
        "special_groups": ["LEFT_BEHIND"],
        "declared_division": "440106",
        "category": "PSY",
        "risk_level": "URGENT",
        "dispositions": ["WORK_ORDER"],
        "summary": "连续两周睡不着，不想上学。",
        "follow_up_wanted": True,
    },
    "case": {"summary": "情绪低落，拒绝上学"},
    "order": {"kind": "PSYCHOLOGY", "instructions": "请联系学校心理老师，一周内面谈一次。"},
}


@pytest.fixture(autouse=True)
def today(monkeypatch, at):
    monkeypatch.setattr(time, "now", lambda: at)


@pytest.fixture
def category(db):
    CaseCategory.objects.get_or_create(code="PSY", defaults={"name": "心理", "position": 1})


class System:
    """A system of the house with a key of its own."""

    def __init__(self, key: str) -> None:
        self.client, self.key = Client(), key

    def hand_in(self, parcel=PARCEL, **headers):
        given = {"Authorization": f"Bearer {self.key}", **headers}
        return self.client.post("/api/v1/intake", json.dumps(parcel), content_type="application/json", headers=given)


@pytest.fixture
def key(tree, agent_here, at, category, clock_rules):  # noqa: F811
    with acting(EVERYTHING):
        return issue_key(account_id=agent_here.account_id, organisation=tree.station, label="呼叫中心", at=at)


@pytest.fixture
def system(key):
    return System(key)
