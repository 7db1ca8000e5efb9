"""What stands around every request: who is looking, refusals in words, and headers that keep pages to themselves."""

import logging
import secrets
from collections.abc import Callable

from django.conf import settings
from django.db import DataError
from django.http import HttpRequest, HttpResponse

from qingting.core import logs
from qingting.core.errors import DomainError, Invalid
from qingting.core.refusals import refusal

log = logging.getLogger(__name__)
GetResponse = Callable[[HttpRequest], HttpResponse]

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self';"
    " media-src 'self' blob:; form-action 'self'; base-uri 'none'; frame-ancestors {ancestors}; manifest-src 'self'"
)
_HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(self), microphone=(self)",
}


def security_headers(get_response: GetResponse) -> GetResponse:
    """Strict content policy without inline script, no referrer, and no copy of a page left in a cache."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        ancestors = getattr(response, "frame_ancestors", "'none'")
        response.setdefault("Content-Security-Policy", _POLICY.format(ancestors=ancestors))
        for name, value in _HEADERS.items():
            response.setdefault(name, value)
        if not request.path.startswith(settings.STATIC_URL):
            response.setdefault("Cache-Control", "no-store")
        return response

    return middleware


class DomainErrors:
    """Turns a DomainError into an answer a person, a page fragment or a machine can use; the transaction is rolled back."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, DataError | OverflowError):
            log.warning("unstorable value refused", exc_info=error)
            error = _unstorable()
        if not isinstance(error, DomainError):
            return None
        return refusal(request, error)


def _unstorable() -> Invalid:
    """The last resort for a value that passed every form and fits no column, such as a number beyond all bounds."""
    return Invalid(
        "有一项填写的内容无法保存。", code="core.form.unstorable", do_next="请检查数字和日期是否写对，再提交一次。"
    )


def request_reference(get_response: GetResponse) -> GetResponse:
    """A short reference on every answer and in what is logged meanwhile: a person names it, and the lines are found."""

    def middleware(request: HttpRequest) -> HttpResponse:
        reference = secrets.token_hex(4)
        request.reference = reference  # type: ignore[attr-defined]
        before = logs.reference.set(reference)
        try:
            response = get_response(request)
        finally:
            logs.reference.reset(before)
        response["X-Request-Reference"] = reference
        return response

    return middleware
