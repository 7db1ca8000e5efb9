"""Which language a page speaks. Seekers may choose Traditional Chinese or English; staff work in Simplified Chinese.

A phone that asks for Traditional Chinese first gets it unasked. English is given only to whoever chooses it: many phones here are set
to English by people who read Chinese, and what the counsellors write is Chinese.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from qingting.core.access import open_to_all

CHOICES = {"zh-hans": "简体", "zh-hant": "繁體", "en": "English"}
COOKIE = "page_language"  # for as long as the browser is open
_TRADITIONAL = ("zh-hant", "zh-hk", "zh-mo", "zh-tw")
GetResponse = Callable[[HttpRequest], HttpResponse]


def language_of(request: HttpRequest) -> str:
    """The language of this request's page."""
    if settings.SESSION_COOKIE in request.COOKIES:
        return settings.LANGUAGE_CODE  # staff
    chosen = request.COOKIES.get(COOKIE, "")
    if chosen in CHOICES:
        return chosen
    first = request.headers.get("Accept-Language", "").split(",")[0].split(";")[0].strip().lower()
    return "zh-hant" if first.startswith(_TRADITIONAL) else settings.LANGUAGE_CODE


def page_language(get_response: GetResponse) -> GetResponse:
    """Middleware: the page speaks its language, and caches know what it depends on."""

    def middleware(request: HttpRequest) -> HttpResponse:
        language = language_of(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response

    return middleware


@open_to_all("anybody may choose the language of the page")
@require_safe
def choose(request: HttpRequest, code: str) -> HttpResponse:
    """Turn to another language and back to the page one came from. Kept until the browser is closed, and says nothing of anybody."""
    back = request.GET.get("back", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None) or not back.startswith("/"):
        back = "/"
    response = redirect(back)
    if code in CHOICES:
        response.set_cookie(COOKIE, code, httponly=True, samesite="Lax", secure=settings.SECURE_COOKIES)
    return response
