"""What stands around every request: who is looking, refusals in words, and headers that keep pages to themselves."""

import logging
import secrets
from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.db import DataError, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import ResolverMatch

from qingting.core import logs
from qingting.core.errors import DomainError, Invalid
from qingting.core.refusals import refusal
from qingting.core.transactions import lost_a_lock, until_it_holds

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


class OnceMore:
    """Two people who act on the same matter at the same moment may lock each other out; the database then ends one of the
    transactions, all of it. That request is answered anew, and nobody sees a page that says something is broken."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or not lost_a_lock(error) or getattr(match.func, "_non_atomic_requests", None):
            return None  # what isn't one transaction may have done half of it already
        try:
            return until_it_holds(partial(_answered_anew, request, match))
        except DomainError as error_now:  # what the other one did may forbid it now
            return refusal(request, error_now)


@transaction.atomic
def _answered_anew(request: HttpRequest, match: ResolverMatch) -> HttpResponse:
    log.warning("lost a lock to another request; answering anew")
    response: HttpResponse = match.func(request, *match.args, **match.kwargs)
    return response


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
