"""One port for pages and streams: the bridge passes requests on unchanged and refuses what is too large."""

import asyncio

import pytest

from qingting.core.page_server import KEPT, LARGEST_BODY, PageServer


def call(handler, *, method="GET", path="/", headers=(), body=b"", raw_path=None):
    sent, parts = [], [body[at : at + LARGEST_BODY // 4] for at in range(0, len(body) or 1, LARGEST_BODY // 4)]

    async def receive():
        return {"type": "http.request", "body": parts.pop(0), "more_body": bool(parts)}

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": raw_path,
        "query_string": b"a=1",
        "http_version": "1.1",
        "headers": list(headers),
        "client": ("127.0.0.1", 5),
    }
    asyncio.run(PageServer(handler, threads=1, refusing=("/door/",))(scope, receive, send))
    return sent[0]["status"], dict(sent[0]["headers"]), sent[1]["body"]


@pytest.fixture
def seen():
    return {}


@pytest.fixture
def handler(seen):
    def answer(environ, start_response):
        seen.update(environ, read=environ["wsgi.input"].read())
        start_response("201 Created", [("X-One", "1")])
        return [b"a", b"b"]

    return answer


def test_the_answer_comes_back_whole(handler):
    assert call(handler) == (201, {b"x-one": b"1"}, b"ab")


def test_body_query_and_headers_arrive(handler, seen):
    call(handler, method="POST", headers=[(b"x-seat", b"7"), (b"content-type", b"text/plain")], body="你好".encode())
    assert seen["read"] == "你好".encode()
    assert (seen["QUERY_STRING"], seen["HTTP_X_SEAT"], seen["CONTENT_TYPE"]) == ("a=1", "7", "text/plain")


def test_a_header_with_an_underscore_can_not_pass_for_ours(handler, seen):
    call(handler, headers=[(b"x_forwarded_for", b"1.2.3.4")])
    assert "HTTP_X_FORWARDED_FOR" not in seen


def test_head_has_no_body(handler):
    assert call(handler, method="HEAD")[2] == b""


def test_what_is_too_large_never_reaches_django(handler, seen):
    status, _headers, _body = call(handler, headers=[(b"content-length", str(LARGEST_BODY + 1).encode())])
    assert status == 413
    assert seen == {}


def test_a_door_that_signs_its_refusals_gets_the_first_part_of_what_is_too_large(handler, seen):
    body = b"x" * (LARGEST_BODY + 1)
    declared = [(b"content-length", str(len(body)).encode())]
    assert call(handler, method="POST", path="/door/messages", headers=declared, body=body)[0] == 201
    assert len(seen["read"]) == KEPT
    assert call(handler, method="POST", path="/elsewhere", body=body)[0] == 413
