"""Refusals as answers: in words for a person, as a fragment for a page that asked for one, as JSON for a machine."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from qingting.core.errors import DomainError, Invalid, NotAllowed, NotFound, TooMany, Unreadable

_MACHINES = ("/api/", "/deskwire/")


def refusal(request: HttpRequest, error: DomainError) -> HttpResponse:
    """What `error` says, with its status, in the form that was asked for."""
    response = _told(request, error)
    if isinstance(error, TooMany):
        response["Retry-After"] = str(error.retry_after)
    return response


def _told(request: HttpRequest, error: DomainError) -> HttpResponse:
    body: dict[str, object] = {"message": error.message, "code": error.code, "do_next": error.do_next}
    if isinstance(error, Invalid) and error.fields:
        body["fields"] = error.fields
    if request.headers.get("HX-Request"):
        response = render(request, "core/refusal.html", {"error": error}, status=error.status)
        response["HX-Retarget"], response["HX-Reswap"] = "#refusal", "innerHTML"
        return response
    if "application/json" in request.headers.get("Accept", "") or request.path.startswith(_MACHINES):
        return JsonResponse(body, status=error.status, json_dumps_params={"ensure_ascii": False})
    return render(request, "core/refusal_page.html", {"error": error}, status=error.status)


def expired_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page has been open too long, or the form did not come from us."""
    error = NotAllowed(_("页面已过期，没有提交成功。"), code="core.form.expired", do_next=_("请刷新页面后再提交一次。"))
    return refusal(request, error)


def unknown_address(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Nothing answers at this address."""
    error = NotFound(
        _("这里没有页面。"), code="core.address.unknown", do_next=_("网址可能没有复制完整，或者这一页已经搬走了。")
    )
    return refusal(request, error)


def unreadable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What was sent can't be read at all: too many fields, a broken upload, a host that is not ours."""
    error = Unreadable(
        _("没有看懂发来的内容，没有保存。"),
        code="core.request.unreadable",
        do_next=_("请回到上一页再试一次；内容特别多时，请分几次提交。"),
    )
    return refusal(request, error)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Not for this person."""
    return refusal(
        request, NotAllowed(_("这一页不对您开放。"), code="core.address.forbidden", do_next=_("请从首页进入。"))
    )
