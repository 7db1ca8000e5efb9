"""What anybody sees: the form, and behind their receipt how far it is. No sign-in, no name, no word in an address."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qingting.complaints import forms, selectors, services
from qingting.complaints.models import Complaint
from qingting.complaints.states import About, ComplaintState, Source
from qingting.core import time
from qingting.core.access import open_to_all
from qingting.core.addresses import client_address
from qingting.core.errors import DomainError, Invalid
from qingting.core.rate_limits import check_rate
from qingting.followups.models import RatingInvitation
from qingting.followups.selectors import invitation_behind
from qingting.orders.selectors import names_of


@open_to_all("anybody may complain about us, also without a name; limited by address")
@require_http_methods(["GET", "HEAD", "POST"])
def complain(request: HttpRequest) -> HttpResponse:
    """The form; afterwards the receipt."""
    return _complain(request, None)


@open_to_all("whoever holds a rating link; it says which matter is meant and shows nothing of it")
@require_http_methods(["GET", "HEAD", "POST"])
def after_rating(request: HttpRequest, token: str) -> HttpResponse:
    """The same from behind a rating link: the matter is known then."""
    check_rate("complaint-page", client_address(request), limit=60, seconds=600, at=time.now())
    try:
        invitation = invitation_behind(token)
    except DomainError:
        return redirect("complaints:complain")
    return _complain(request, invitation)


def _complain(request: HttpRequest, invitation: RatingInvitation | None) -> HttpResponse:
    context = {
        "abouts": About.choices,
        "stations": [] if invitation else selectors.stations(),
        "asked": request.POST,
        "known": invitation is not None,
    }
    if request.method != "POST":
        return render(request, "complaints/complain.html", context)
    check_rate("complain", client_address(request), limit=10, seconds=3600, at=time.now())
    try:
        taken = _received(request, invitation)
    except Invalid as refusal:
        return render(request, "complaints/complain.html", {**context, "error": refusal}, status=422)
    return redirect("complaints:receipt", taken.token)


def _received(request: HttpRequest, invitation: RatingInvitation | None) -> services.Receipt:
    if invitation is not None:
        new = forms.new_from(request.POST, organisation_id=invitation.organisation_id, case_id=invitation.case_id)
        return services.receive(source=Source.RATING, new=new, at=time.now())
    chosen = forms.id_from(request.POST, "organisation")
    if chosen not in {station.pk for station in selectors.stations()}:
        raise Invalid("请选择是哪里的服务台。", code="complaints.station-missing")
    new = forms.new_from(request.POST, organisation_id=chosen or 0)
    return services.receive(source=Source.PORTAL, new=new, at=time.now())


@open_to_all("whoever holds the receipt; it carries 192 random bits")
@require_GET
def receipt(request: HttpRequest, token: str) -> HttpResponse:
    """How far it is, and the answer."""
    check_rate("complaint-page", client_address(request), limit=60, seconds=600, at=time.now())
    try:
        complaint = selectors.complaint_behind(token)
    except DomainError:
        return render(request, "complaints/receipt_unknown.html", status=404)
    return render(request, "complaints/receipt.html", _receipt(request, complaint, token))


def _receipt(request: HttpRequest, complaint: Complaint, token: str) -> dict[str, object]:
    clock = selectors.deadline(complaint)
    return {
        "complaint": complaint,
        "token": token,
        "address": request.build_absolute_uri(request.path),
        "lines": selectors.lines_of(complaint, told_only=True),
        "house": names_of({complaint.organisation_id}).get(complaint.organisation_id, ""),
        "due_at": clock.due_at if clock else None,
        "may_review": selectors.review_is_open(complaint, at=time.now()),
        "may_withdraw": complaint.state in {ComplaintState.RECEIVED, ComplaintState.IN_HAND},
    }


@open_to_all("whoever holds the receipt")
@require_POST
def review(request: HttpRequest, token: str) -> HttpResponse:
    """Ask the next organisation to look again."""
    try:
        services.ask_review(token=token, words=forms.words_from(request.POST, "words"), at=time.now())
    except DomainError as refusal:
        complaint = selectors.complaint_behind(token)
        context = {**_receipt(request, complaint, token), "error": refusal}
        return render(request, "complaints/receipt.html", context, status=refusal.status)
    return redirect("complaints:receipt", token)


@open_to_all("whoever holds the receipt")
@require_POST
def withdraw(request: HttpRequest, token: str) -> HttpResponse:
    """Let it be."""
    services.withdraw(token=token, at=time.now())
    return redirect("complaints:receipt", token)
