"""Answering with a part of a body, as players ask for it when somebody jumps (RFC 9110, section 14)."""

import re

from django.http import HttpRequest, HttpResponse

_ASKED = re.compile(r"bytes=(\d*)-(\d*)$")


def span(asked: str, size: int) -> tuple[int, int] | None:
    """First byte and the one behind the last, of one range; None where it lies outside. Whatever is no single range means
    the whole, as the RFC lets a server decide."""
    found = _ASKED.match(asked.strip())
    if not found or not any(found.groups()):
        return 0, size
    first, last = found.groups()
    if not first:
        return (max(0, size - int(last)), size) if int(last) and size else None
    begin, end = int(first), min(size, int(last) + 1 if last else size)
    return (begin, end) if begin < end else None


def partial(request: HttpRequest, body: bytes, *, content_type: str) -> HttpResponse:
    """200 with all of it, 206 with the range asked for, 416 for one that does not exist. Never kept by the browser."""
    asked = request.headers.get("Range", "")
    headers = {"Accept-Ranges": "bytes", "Cache-Control": "no-store"}
    if not asked:
        return HttpResponse(body, content_type=content_type, headers=headers)
    found = span(asked, len(body))
    if found is None:
        return HttpResponse(status=416, headers={**headers, "Content-Range": f"bytes */{len(body)}"})
    begin, end = found
    headers["Content-Range"] = f"bytes {begin}-{end - 1}/{len(body)}"
    return HttpResponse(body[begin:end], status=206, content_type=content_type, headers=headers)
