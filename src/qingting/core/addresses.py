"""Whose address a request comes from, behind the proxies this installation trusts."""

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The nearest address that is not a trusted proxy. Used for rate limits only, and stored as a digest."""
    address = str(request.META.get("REMOTE_ADDR", ""))
    trusted = {proxy.strip() for proxy in settings.TRUSTED_PROXIES if proxy.strip()}
    hops = [hop.strip() for hop in str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",") if hop.strip()]
    while address in trusted and hops:
        address = hops.pop()
    return address
