"""Signing in, step by step: password, second factor or its enrolment, a forced change of password, choice of post."""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from qingting.core import time
from qingting.core.access import actor_of, open_to_all, signed_in
from qingting.core.addresses import client_address
from qingting.core.errors import DomainError
from qingting.directory.models import Organisation
from qingting.staff import credentials, demo, rules, sessions
from qingting.staff.actors import valid_posts
from qingting.staff.forms import AnyCodeForm, CodeForm, PasswordForm, SignInForm, refuse
from qingting.staff.models import Account, Session
from qingting.staff.roles import ROLES
from qingting.staff.services import (
    Browser,
    begin_sign_in,
    change_password,
    choose_post,
    confirm_enrolment,
    pass_second_factor,
    start_enrolment,
)
from qingting.staff.services import sign_out as end_session

StepView = Callable[[HttpRequest, Session], HttpResponse]
SIGN_IN = "sign-in"


def home() -> str:
    """Where a signed-in person begins."""
    try:
        return reverse("workbench:home")
    except NoReverseMatch:
        return reverse("staff:account")


def wished_target(request: HttpRequest) -> str:
    """Where the person was going: an address of this site, or '' for any other."""
    target = request.POST.get("next") or request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if ours and target.startswith("/") else ""


def go(request: HttpRequest, step: str) -> HttpResponseRedirect:
    """On to a step, taking along where the person was going; '' is the end of the road."""
    target = wished_target(request)
    if not step:
        return HttpResponseRedirect(target or home())
    query = "?" + urlencode({"next": target}) if target else ""
    return HttpResponseRedirect(reverse(f"staff:{step}") + query)


def _found(request: HttpRequest) -> Session | None:
    return sessions.find_session(request.COOKIES.get(settings.SESSION_COOKIE, ""), at=time.now())


def _waits_for(session: Session) -> str:
    session.refresh_from_db()
    return sessions.waits_for(session, at=time.now())


def at_step(*steps: str, also_signed_in: bool = False) -> Callable[[StepView], Callable[..., HttpResponse]]:
    """A view of one step: whoever is elsewhere on the road is sent to where they are."""

    def decorate(view: StepView) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest) -> HttpResponse:
            session = _found(request)
            if session is None:
                return go(request, SIGN_IN)
            waits = sessions.waits_for(session, at=time.now())
            if waits in steps or (also_signed_in and not waits):
                return view(request, session)
            return go(request, waits)

        return open_to_all("a step of signing in; it asks for the session that the password opened")(guarded)

    return decorate


@open_to_all("people sign in here")
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    """Username and password."""
    if actor_of(request).acting_as == "person":
        return go(request, "")
    if request.method == "GET" and (step := _step_after_sign_in(request)):
        return go(request, step)
    form, status = SignInForm(request.POST or None), 200
    if form.is_valid():
        browser = Browser(client_address(request), rules.device_name(request.headers.get("User-Agent", "")))
        try:
            token = begin_sign_in(**form.cleaned_data, browser=browser, at=time.now())
        except DomainError as error:
            status = refuse(form, error)
        else:
            response = go(request, "second-factor")
            sessions.set_cookie(response, token)
            return response
    context = {"form": form, "next": wished_target(request), "demo": settings.MODE == "demo"}
    return render(request, "staff/sign_in.html", context, status=status)


def _step_after_sign_in(request: HttpRequest) -> str:
    """Somebody whose only post has ended, or who has yet to choose one, has signed in already."""
    session = _found(request)
    return _waits_for(session) if session is not None and session.second_factor_at is not None else ""


@at_step("second-factor")
@require_http_methods(["GET", "POST"])
def second_factor(request: HttpRequest, session: Session) -> HttpResponse:
    """A code of the authenticator, or one of the recovery codes."""
    form, status, at = AnyCodeForm(request.POST or None), 200, time.now()
    if form.is_valid():
        try:
            token = pass_second_factor(session=session, code=form.cleaned_data["code"], at=at)
        except DomainError as error:
            status = refuse(form, error)
        else:
            return _onwards(request, token)
    context = {
        "form": form,
        "next": wished_target(request),
        "name": session.account.display_name,
        "demo_code": demo.current_code(session.account, at=at),
    }
    return render(request, "staff/second_factor.html", context, status=status)


def _onwards(request: HttpRequest, token: str) -> HttpResponse:
    """The way on with the full session; form tokens handed out before it are worth nothing any more."""
    session = sessions.find_session(token, at=time.now())
    response = go(request, _waits_for(session) if session else SIGN_IN)
    rotate_token(request)
    sessions.set_cookie(response, token)
    return response


@at_step("enrol")
@require_http_methods(["GET", "POST"])
def enrol(request: HttpRequest, session: Session) -> HttpResponse:
    """Bind an authenticator; then the recovery codes are shown, this once."""
    account = start_enrolment(session=session)
    form, status, at = CodeForm(request.POST or None), 200, time.now()
    if form.is_valid():
        try:
            token, codes = confirm_enrolment(session=session, code=form.cleaned_data["code"], at=at)
        except DomainError as error:
            status = refuse(form, error)
        else:
            onwards = _onwards(request, token)
            response = render(request, "staff/recovery_codes.html", {"codes": codes, "go_on": onwards["Location"]})
            sessions.set_cookie(response, token)
            return response
    context = {"form": form, "next": wished_target(request), **_enrolment(account)}
    return render(request, "staff/enrol.html", context, status=status)


def _enrolment(account: Account) -> dict[str, str]:
    secret = credentials.totp_secret(account)
    code = segno.make(credentials.enrolment_address(account), error="m")
    return {
        "qr": code.svg_data_uri(scale=5, border=3, light="#fff"),
        "secret": " ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
    }


@at_step("password", also_signed_in=True)
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("old", "new", "again")
def password(request: HttpRequest, session: Session) -> HttpResponse:
    """Change one's own password: after a temporary one it has to be, otherwise it may be."""
    form, status = PasswordForm(request.POST or None), 200
    if form.is_valid():
        try:
            change_password(session=session, old=form.cleaned_data["old"], new=form.cleaned_data["new"], at=time.now())
        except DomainError as error:
            status = refuse(form, error)
        else:
            return go(request, _waits_for(session))
    context = {
        "form": form,
        "next": wished_target(request),
        "forced": session.account.must_change_password,
        "username": session.account.username,
    }
    return render(request, "staff/password.html", context, status=status)


@at_step("posts", also_signed_in=True)
@require_http_methods(["GET", "POST"])
def posts(request: HttpRequest, session: Session) -> HttpResponse:
    """Choose the organisation to act for."""
    if request.method == "POST":
        choose_post(session=session, organisation_id=_chosen(request), at=time.now())
        return go(request, "")
    held: dict[Organisation, list[str]] = {}
    for post in valid_posts(session.account_id, at=time.now()):
        held.setdefault(post.organisation, []).append(ROLES[post.role].label if post.role in ROLES else post.role)
    context = {"held": held.items(), "current": session.organisation_id, "next": wished_target(request)}
    return render(request, "staff/posts.html", context)


def _chosen(request: HttpRequest) -> int:
    given = request.POST.get("organisation", "")
    return int(given) if given.isascii() and given.isdigit() else 0


@signed_in
@require_POST
def switch_post(request: HttpRequest) -> HttpResponse:
    """Act for another organisation from now on; begins at the start page, since the old one may not be seen there."""
    session: Session = request.session_row  # type: ignore[attr-defined]
    choose_post(session=session, organisation_id=_chosen(request), at=time.now())
    return redirect(home())


@open_to_all("somebody half-way through signing in may leave as well")
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session and forget its cookie."""
    session = _found(request)
    if session is not None:
        end_session(session=session, at=time.now())
    response = redirect("staff:sign-in")
    response.delete_cookie(settings.SESSION_COOKIE, samesite="Lax")
    return response
