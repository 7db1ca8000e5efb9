"""Administration: the accounts of one's organisations and the posts people hold there."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from qingting.core import time
from qingting.core.access import actor_of, requires
from qingting.core.actors import Actor
from qingting.core.errors import DomainError
from qingting.staff import selectors, services
from qingting.staff.forms import NewAccountForm, PostForm, refuse
from qingting.staff.models import Account, Post
from qingting.staff.permissions import MANAGE
from qingting.staff.roles import ROLES

PAGE_SIZE = 50


def _rows(posts: list[Post], at: datetime) -> list[dict[str, Any]]:
    return [
        {
            "post": post,
            "role": ROLES[post.role].label if post.role in ROLES else post.role,
            "over": post.valid_to is not None and post.valid_to <= at,
            "ahead": post.valid_from > at,
        }
        for post in posts
    ]


def _posts_of(account: Account) -> list[Post]:
    posts: list[Post] = account.posts_within  # type: ignore[attr-defined]
    return posts


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """Everybody of one's organisations; POST takes a name to find, so that no name gets into an address."""
    words, at = request.POST.get("q", "").strip()[:60], time.now()
    found = selectors.people(actor_of(request), words=words)
    page = Paginator(found, PAGE_SIZE).get_page(request.POST.get("page"))
    listed = [(account, _rows(_posts_of(account), at)) for account in page]
    return render(request, "staff/people.html", {"page": page, "listed": listed, "words": words, "at": at})


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
def add_person(request: HttpRequest) -> HttpResponse:
    """A new account with its first post; the temporary password is shown this once."""
    actor, at = actor_of(request), time.now()
    form, status = NewAccountForm(request.POST or None, actor=actor), 200
    if form.is_valid():
        try:
            account, password = services.add_account(actor=actor, details=form.account(at=at), at=at)
        except DomainError as error:
            status = refuse(form, error)
        else:
            context = {"account": account, "password": password, "fresh": True}
            return render(request, "staff/temporary_password.html", context)
    return render(request, "staff/add_person.html", {"form": form}, status=status)


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
def person(request: HttpRequest, account_id: int) -> HttpResponse:
    """One account: its posts, and what can be done with it. POST adds a post."""
    actor, at = actor_of(request), time.now()
    account = selectors.manageable_account(actor, account_id)
    form, status = PostForm(request.POST or None, actor=actor), 200
    if form.is_valid():
        try:
            services.add_post(actor=actor, account_id=account_id, post=form.post(at=at), at=at)
        except DomainError as error:
            status = refuse(form, error)
        else:
            return redirect("staff:person", account_id)
    context = {
        "account": account,
        "rows": _rows(_posts_of(account), at),
        "form": form,
        "locked": account.locked_until is not None and account.locked_until > at,
        "own": account.id == actor.account_id,
    }
    return render(request, "staff/person.html", context, status=status)


@requires(MANAGE)
@require_POST
def end_post(request: HttpRequest, post_id: int) -> HttpResponse:
    """End a post from now on."""
    post = services.end_post(actor=actor_of(request), post_id=post_id, at=time.now())
    return redirect("staff:person", post.account_id)


@requires(MANAGE)
@require_POST
def reset_password(request: HttpRequest, account_id: int) -> HttpResponse:
    """A temporary password in place of a forgotten one, shown this once."""
    actor = actor_of(request)
    password = services.reset_password(actor=actor, account_id=account_id, at=time.now())
    account = selectors.manageable_account(actor, account_id)
    return render(request, "staff/temporary_password.html", {"account": account, "password": password})


def _act(service: Callable[..., None]) -> Callable[[HttpRequest, int], HttpResponse]:
    @requires(MANAGE)
    @require_POST
    def view(request: HttpRequest, account_id: int) -> HttpResponse:
        actor: Actor = actor_of(request)
        service(actor=actor, account_id=account_id, at=time.now())
        return redirect("staff:person", account_id)

    return view


reset_second_factor = _act(services.reset_second_factor)
deactivate = _act(services.deactivate_account)
activate = _act(services.activate_account)
