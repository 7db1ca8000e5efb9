"""One's own account: posts, sessions, recovery codes; and what one is told."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qingting.core import time
from qingting.core.access import actor_of, signed_in
from qingting.core.errors import DomainError
from qingting.staff import selectors, services
from qingting.staff.actors import valid_posts
from qingting.staff.forms import OwnPasswordForm, refuse
from qingting.staff.models import Session
from qingting.staff.notices import page_of, text_of
from qingting.staff.roles import ROLES


def _session(request: HttpRequest) -> Session:
    session: Session = request.session_row  # type: ignore[attr-defined]
    return session


@signed_in
@require_GET
def account(request: HttpRequest) -> HttpResponse:
    """Who one is here, where one is signed in, and what protects the account."""
    actor, at = actor_of(request), time.now()
    context = {
        "account": selectors.own_account(actor),
        "held": [(post, ROLES[post.role].label) for post in valid_posts(actor.account_id, at=at)],
        "sessions": selectors.own_sessions(actor, at=at),
        "this": _session(request).id,
        "codes_left": selectors.recovery_codes_left(actor),
    }
    return render(request, "staff/account.html", context)


@signed_in
@require_POST
def revoke_session(request: HttpRequest, session_id: int) -> HttpResponse:
    """Sign out one other browser."""
    services.revoke_session(actor=actor_of(request), session_id=session_id, at=time.now())
    return redirect("staff:account")


@signed_in
@require_POST
def revoke_others(request: HttpRequest) -> HttpResponse:
    """Sign out every other browser."""
    services.revoke_others(actor=actor_of(request), keep=_session(request), at=time.now())
    return redirect("staff:account")


@signed_in
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("password")
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Ten fresh recovery codes in place of the old ones."""
    form, status = OwnPasswordForm(request.POST or None), 200
    if form.is_valid():
        try:
            codes = services.renew_recovery_codes(actor=actor_of(request), at=time.now(), **form.cleaned_data)
        except DomainError as error:
            status = refuse(form, error)
        else:
            context = {"codes": codes, "go_on": reverse("staff:account"), "renewed": True}
            return render(request, "staff/recovery_codes.html", context)
    return render(request, "staff/renew_codes.html", {"form": form}, status=status)


_URGENCIES = {"CRITICAL": _("特急"), "URGENT": _("紧急")}


@signed_in
@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """What one should look at, newest first."""
    shown = [
        {
            "notice": notice,
            "text": text_of(notice.kind),
            "page": page_of(notice),
            "urgency": _URGENCIES.get(notice.urgency, ""),
        }
        for notice in selectors.notices_for(actor_of(request))
    ]
    unread = sum(not getattr(entry["notice"], "is_read", True) for entry in shown)
    return render(request, "staff/notices.html", {"shown": shown, "unread": unread})


@signed_in
@require_POST
def read_notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Seen; on to what it is about."""
    actor = actor_of(request)
    page = page_of(selectors.notice(actor, notice_id))
    services.mark_read(actor=actor, notice_id=notice_id, at=time.now())
    return redirect(page or "staff:notices")


@signed_in
@require_POST
def read_all_notices(request: HttpRequest) -> HttpResponse:
    """All seen."""
    services.mark_all_read(actor=actor_of(request), at=time.now())
    return redirect("staff:notices")
