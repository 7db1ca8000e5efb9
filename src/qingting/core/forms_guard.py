"""The form token check, on pages that send no referrer.

Under `Referrer-Policy: no-referrer` a browser writes `Origin: null` on its own forms, which Django takes for a stranger's.
Newer browsers say beside it where the form came from (`Sec-Fetch-Site`); older ones, on cheap phones, say nothing, and
there the token and the SameSite cookie stand alone.
"""

from django.http import HttpRequest
from django.middleware.csrf import CsrfViewMiddleware


class FormsGuard(CsrfViewMiddleware):
    """Django's check, which knows what `Origin: null` means here. The token itself is checked as always."""

    def _origin_verified(self, request: HttpRequest) -> bool:
        if request.META.get("HTTP_ORIGIN") == "null":
            return bool(request.META.get("HTTP_SEC_FETCH_SITE", "same-origin") == "same-origin")
        return bool(super()._origin_verified(request))  # type: ignore[misc]  # not in the published types
