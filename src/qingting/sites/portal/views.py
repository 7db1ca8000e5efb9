"""The front door."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from qingting.core.access import open_to_all
from qingting.sites.addresses import address


@open_to_all("the front door for anybody in need")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Emergency numbers, the ways in that are open, and what is kept secret and what is not."""
    context = {"chat_url": address("portal:chat"), "message_url": address("portal:leave-message")}
    return render(request, "portal/home.html", context)
