"""`{% load workbench %}`: icons, navigation, the push permit and what the top bar shows."""

from typing import Any

from django import template
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from qingting.core import time
from qingting.core.access import actor_of, may_open
from qingting.sites.addresses import address
from qingting.sites.workbench import navigation, selectors
from qingting.sites.workbench.push_permits import permit_for

register = template.Library()
Context = dict[str, Any]


def _request(context: Context) -> HttpRequest:
    request: HttpRequest = context["request"]
    return request


@register.simple_tag
def icon(name: str) -> SafeString:
    """A symbol of `icons.svg`, decorative: the words beside it say what it means."""
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', static("icons.svg"), name)


@register.simple_tag(takes_context=True)
def push_token(context: Context, *channels: str) -> SafeString:
    """The tags `push.js` reads. Name further channels (`case:5`) only where the view has checked the right to see them."""
    request = _request(context)
    session = getattr(request, "session_row", None)
    if session is None:
        return SafeString("")
    permit = permit_for(actor_of(request), session.pk, channels)
    return format_html(
        '<meta name="push-token" content="{}"><meta name="push-permit" content="{}"><meta name="push-renew" content="{}">',
        permit.token,
        permit.permit,
        address("workbench:push-token"),
    )


@register.simple_tag(takes_context=True)
def navigation_places(context: Context) -> list[navigation.Place]:
    """Where this person can go."""
    request = _request(context)
    return navigation.places(actor_of(request), path=request.path)


@register.simple_tag(takes_context=True)
def places_by_thumb(context: Context, offered: list[navigation.Place]) -> list[navigation.Place]:
    """The same for the bar at the foot of a phone."""
    return navigation.thumb_first(actor_of(_request(context)), offered)


@register.simple_tag(takes_context=True)
def post_choices(context: Context) -> list[selectors.PostChoice]:
    """The posts of this person."""
    return selectors.post_choices(actor_of(_request(context)), at=time.now())


@register.simple_tag(takes_context=True)
def theme(context: Context) -> str:
    """`light`, `dark` or `auto`: this browser's choice, else the account's."""
    request = _request(context)
    session = getattr(request, "session_row", None)
    for choice in (request.COOKIES.get("qt_theme", ""), session.account.theme if session else ""):
        if choice in ("light", "dark", "auto"):
            return choice
    return "auto"


@register.simple_tag
def server_now() -> str:
    """The server's clock, for the running clocks of the page."""
    return time.now().isoformat()


def _for_this_person(context: Context, found: str) -> str:
    return found if found and may_open(actor_of(_request(context)), found) else ""


@register.simple_tag(takes_context=True)
def url_if_known(context: Context, name: str) -> str:
    """The address of a page, or "" while its room has not opened it yet or this person's post does not open it."""
    return _for_this_person(context, address(name))


@register.simple_tag(takes_context=True)
def url_if_known_for(context: Context, name: str, subject_id: int) -> str:
    """The same for a page about one thing."""
    return _for_this_person(context, address(name, subject_id))


@register.filter
def initials(name: str) -> str:
    """What an avatar shows: the last character of a Chinese name, the first letter of any other."""
    name = name.strip()
    if not name:
        return "?"
    return name[-1] if name[-1] >= "\u4e00" else name[0].upper()
