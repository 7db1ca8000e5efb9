"""Operators see how the platform stands, and nothing about a person."""

import pytest

from qingting.core import time
from qingting.core.heartbeats import beat

pytestmark = pytest.mark.django_db


def test_health_names_every_part_and_is_bad_while_one_is_missing(client):
    answer = client.get("/healthz")
    parts = answer.json()["components"]
    assert answer.status_code == 503
    assert parts["database"]["ok"]
    assert not parts["worker"]["ok"]


def test_health_is_good_when_all_parts_were_heard_of(client):
    for part in ("worker", "clocks", "push"):
        beat(part, at=time.now())
    assert client.get("/healthz").status_code == 200


def test_metrics_are_prometheus_text(client):
    beat("worker", at=time.now())
    text = client.get("/metrics").content.decode()
    assert 'qingting_part_age_seconds{part="worker"}' in text
    assert "qingting_line_waiting 0.0" in text
    assert "process_resident_memory_bytes" in text


def test_a_form_without_its_token_is_refused_in_words(client):
    from django.test import Client

    answer = Client(enforce_csrf_checks=True).post("/chat/start")
    assert answer.status_code == 403
    assert "页面已过期" in answer.content.decode()
