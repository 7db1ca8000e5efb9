"""`bench intake`: contact, case, order, clock and journal over HTTP, beside the same rows by raw prepared SQL."""

import json
import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import httpx

from qingting.core import time
from qingting.simulation.bench.load import Outcome, run_load
from qingting.simulation.bench.numbers import middle, milliseconds
from qingting.simulation.bench.processors import Spent
from qingting.simulation.bench.raw import read_sample, run_raw
from qingting.simulation.bench.stand import Stand


@dataclass(frozen=True)
class Size:
    """How long and how wide: connections, seconds of each round, rounds of each kind."""

    clients: int = 16
    seconds: float = 5.0
    rounds: int = 4


_CATEGORY = "SELECT code FROM directory_casecategory WHERE active ORDER BY code LIMIT 1"


def parcel(category: str) -> bytes:
    """A contact as a call centre would hand it over."""
    began = time.now().replace(microsecond=0)
    body = {
        "contact": {
            "channel": "PHONE",
            "started_at": began.isoformat(),
            "caller_kind": "SELF",
            "age_band": "FROM_14_TO_17",
            "gender": "FEMALE",
            "schooling": "SENIOR",
            "declared_division": "440106",
            "category": category,
            "risk_level": "URGENT",
            "dispositions": ["WORK_ORDER"],
            "summary": "近两周几乎没睡好，和家里吵架后不想回学校，愿意见老师，同意由街道联系。",
            "follow_up_wanted": True,
        },
        "case": {"summary": "情绪低落，拒绝上学，需要学校和街道一起跟进"},
        "order": {"kind": "PSYCHOLOGY", "instructions": "请联系学校心理老师，一周内面谈一次，并回访家长。"},
    }
    return json.dumps(body, ensure_ascii=False).encode()


def _requests(port: int, key: str, body: bytes) -> Callable[[], bytes]:
    """Gives a function that makes the bytes of one request, each with an idempotency key of its own."""
    head = (
        f"POST /api/v1/intake HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {key}\r\n"
        f"Content-Type: application/json\r\nAccept: application/json\r\nContent-Length: {len(body)}\r\nIdempotency-Key: "
    ).encode()
    return lambda: head + os.urandom(16).hex().encode() + b"\r\n\r\n" + body


def measure(stand: Stand, size: Size) -> dict[str, Any]:
    """Interleaved rounds of both, and of requests that are refused at the door: all of HTTP, next to nothing of SQL."""
    key = stand.command("api-key", "issue", "counsellor", "bench").strip()
    body = parcel(stand.ask(_CATEGORY)[0][0])
    ids = _first(stand, key, body)
    sample = read_sample(stand.database, ids)
    over_http = partial(run_load, stand.http_port, partial(_requests, stand.http_port, key, body))
    at_the_door = partial(run_load, stand.http_port, partial(_requests, stand.http_port, key, b"{}"))
    raw = partial(run_raw, stand.as_application, sample)
    over_http(clients=size.clients, seconds=1)
    roads = {"raw": raw, "http": over_http, "door": at_the_door}
    idle = Spent.idle(stand)
    found: dict[str, list[Round]] = {name: [] for name in roads}
    for _ in range(size.rounds):
        for name, road in roads.items():
            Spent.wait_until_idle(stand)
            found[name].append(_watched(stand, idle, partial(road, clients=size.clients, seconds=size.seconds)))
    where = stand.command("bench", "--running", "profile", "--key", key, "--body", body.decode())
    return {**_report(found, size), "where_the_time_goes": json.loads(where)}


@dataclass(frozen=True)
class Round:
    """One round of one kind: what came back, and what the platform's processes spent on it, above what they spend idle."""

    outcome: Outcome
    spent: Spent


def _watched(stand: Stand, idle: Spent, go: Callable[[], Outcome]) -> Round:
    before = Spent.so_far(stand)
    outcome = go()
    return Round(outcome, Spent.so_far(stand).since(before).without(idle, outcome.elapsed))


def _first(stand: Stand, key: str, body: bytes) -> dict[str, int]:
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json", "Idempotency-Key": "sample"}
    answer = httpx.post(f"{stand.http}/api/v1/intake", content=body, headers=headers, trust_env=False)
    taken = answer.raise_for_status().json()
    return {name: int(taken[f"{name}_id"]) for name in ("contact", "case", "order")}


def _report(found: dict[str, list[Round]], size: Size) -> dict[str, Any]:
    rates = {name: [one.outcome.answers / one.outcome.elapsed for one in rounds] for name, rounds in found.items()}
    http, raw = middle(rates["http"]), middle(rates["raw"])
    return {
        "clients": size.clients,
        "seconds_each": size.seconds,
        "http_per_second": http,
        "raw_per_second": raw,
        "ratio": round(http / raw, 3) if raw else None,
        "kinds": {name: _kind(rounds) for name, rounds in found.items()},
        "load_average": [round(value, 1) for value in os.getloadavg()],
    }


def _kind(rounds: list[Round]) -> dict[str, Any]:
    """Rates of each round, how long answers took, and processor milliseconds for each: platform and load client."""
    outcomes = [one.outcome for one in rounds]
    count = sum(outcome.answers for outcome in outcomes)
    spent = Spent(*(sum(getattr(one.spent, part) for one in rounds) for part in ("web", "database", "worker")))
    return {
        "per_second": [round(outcome.answers / outcome.elapsed, 1) for outcome in outcomes],
        "milliseconds": milliseconds([s for outcome in outcomes for s in outcome.seconds]),
        "statuses": dict(sum((outcome.statuses for outcome in outcomes), start=Counter[int]())),
        "processor_ms_each": {
            **spent.each(count),
            "client": round(sum(outcome.cpu for outcome in outcomes) * 1000 / max(count, 1), 3),
        },
    }
