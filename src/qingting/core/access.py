"""What every view must say about itself: who may call it. A test walks all URLs and fails for one that says nothing."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import resolve, reverse

from qingting.core.actors import Actor
from qingting.core.permissions import declared

View = Callable[..., HttpResponse]


def actor_of(request: HttpRequest) -> Actor:
    """The signed-in person, or the seeker of this visit, put there by middleware."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def open_to_all(reason: str) -> Callable[[View], View]:
    """Mark a view that needs no sign-in, and say why it may."""

    def mark(view: View) -> View:
        view.declared_access = f"open: {reason}"  # type: ignore[attr-defined]
        return view

    return mark


def _guard(view: View, allowed: Callable[[Actor], None], declared_access: str) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        actor = actor_of(request)
        if actor.acting_as != "person":
            return _to_sign_in(request)
        allowed(actor)
        return view(request, *args, **kwargs)

    guarded.declared_access = declared_access  # type: ignore[attr-defined]
    return guarded


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    target = f"{reverse('staff:sign-in')}?next={request.path}"
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=401)
        response["HX-Redirect"] = target
        return response
    return redirect(target)


def signed_in(view: View) -> View:
    """Any signed-in person."""
    return _guard(view, lambda actor: None, "signed in")


def requires(permission: str) -> Callable[[View], View]:
    """A signed-in person whose current post holds the permission."""
    return lambda view: _guard(view, lambda actor: actor.require(permission), permission)


def may_open(actor: Actor, address: str) -> bool:
    """Whether the page at an address of ours asks for nothing that the actor's post lacks. What it then shows is its own affair."""
    asked = getattr(resolve(address).func, "declared_access", "")
    return asked not in declared() or actor.may(asked)
