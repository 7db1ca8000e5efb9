"""Where the time of one intake goes: the platform's own WSGI handler, called in this process under cProfile.

Processor time, since on a busy machine the clock on the wall mostly measures the others; what the database itself spends is
in the rounds (`processor_ms_each`).
"""

import cProfile
import io
import pstats
import time
import uuid
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django.core.wsgi import get_wsgi_application

# What a function belongs to, by the first of these that its file's path contains.
_PARTS = (
    ("qingting/sites/exchange", "reading and answering the request"),
    ("qingting/core/database", "transaction and scope"),
    ("qingting/core", "core: rows, journal, events"),
    ("qingting/staff", "who asks"),
    ("qingting/", "the rooms' checks and rows"),
    ("django/db", "Django's database layer"),
    ("django/contrib/contenttypes", "Django's database layer"),
    ("psycopg", "the database driver"),
    ("django/", "Django's requests, answers and middleware"),
    ("whitenoise", "Django's requests, answers and middleware"),
    ("json", "JSON"),
)
_BUILT_IN = (
    ("psycopg", "the database driver"),
    ("_json", "JSON"),
    ("encode", "JSON"),
    ("select", "the database driver"),
)


def _part(file: str, name: str) -> str:
    marks, text = (_BUILT_IN, name) if file == "~" else (_PARTS, file)
    return next((part for mark, part in marks if mark in text), "Python itself")


def _environ(key: str, body: bytes) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/api/v1/intake",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_AUTHORIZATION": f"Bearer {key}",
        "HTTP_IDEMPOTENCY_KEY": uuid.uuid4().hex,
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
    }


def _call(application: Callable[..., Any], key: str, body: bytes) -> None:
    said: list[str] = []
    answer = application(_environ(key, body), lambda status, headers: said.append(status))
    b"".join(answer)
    answer.close()
    if not said[0].startswith("201"):
        raise RuntimeError(f"the intake was answered {said[0]}")


def profile(key: str, body: bytes, *, requests: int = 400) -> dict[str, Any]:
    """Milliseconds of one request: without the profiler, by part under it, and the dearest functions."""
    application = get_wsgi_application()
    for _ in range(50):
        _call(application, key, body)
    began, spent = time.perf_counter(), time.process_time()
    for _ in range(requests):
        _call(application, key, body)
    wall, processor = (time.perf_counter() - began) / requests, (time.process_time() - spent) / requests
    profiler = cProfile.Profile(time.process_time)
    for _ in range(requests):
        profiler.runcall(_call, application, key, body)
    plain = {"wall_ms": round(wall * 1000, 3), "processor_ms": round(processor * 1000, 3)}
    return {"without_profiler": plain, **_parts(profiler, requests)}


def _parts(profiler: cProfile.Profile, requests: int) -> dict[str, Any]:
    spent: dict[str, float] = defaultdict(float)
    dearest = []
    for (file, _line, name), (_, calls, own, _cumulative, _) in pstats.Stats(profiler).stats.items():  # type: ignore[attr-defined]
        spent[_part(file, name)] += own
        dearest.append((own, f"{file.rsplit('site-packages/', 1)[-1].rsplit('/src/', 1)[-1]} {name}", calls))
    each = {part: round(seconds * 1000 / requests, 3) for part, seconds in spent.items()}
    return {
        "processor_ms_under_profiler": round(sum(spent.values()) * 1000 / requests, 3),
        "by_part": dict(sorted(each.items(), key=lambda pair: -pair[1])),
        "dearest": [
            {"where": where, "ms": round(own * 1000 / requests, 4), "calls": round(calls / requests, 1)}
            for own, where, calls in sorted(dearest, reverse=True)[:25]
        ],
    }
