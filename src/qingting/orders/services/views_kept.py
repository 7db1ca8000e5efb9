"""Searches that somebody keeps."""

from datetime import datetime

from django.db import transaction

from qingting.core.actors import Actor
from qingting.core.errors import DomainError, Invalid, not_found
from qingting.orders.models import SavedView
from qingting.orders.permissions import VIEW
from qingting.orders.selectors import OrderQuery

MOST_VIEWS = 30


@transaction.atomic
def save_view(*, actor: Actor, name: str, query: OrderQuery, at: datetime) -> SavedView:
    """Keep a search under a name (保存为视图); the same name replaces what it held. Seen by this person only."""
    actor.require(VIEW)
    name = name.strip()
    if not name or len(name) > 40:
        raise Invalid("请给视图起个名字（40字以内）。", code="orders.view.name")
    if not query.asks:
        raise Invalid("请先设置搜索条件，再保存视图。", code="orders.view.empty")
    kept = SavedView.objects.filter(account_id=actor.account_id)
    if kept.exclude(name=name).count() >= MOST_VIEWS:
        raise DomainError(
            f"最多保存{MOST_VIEWS}个视图。", code="orders.view.too-many", do_next="请先删除不再使用的视图。"
        )
    view, _ = SavedView.objects.update_or_create(
        account_id=actor.account_id,
        name=name,
        defaults={
            "organisation_id": actor.organisation_id,
            "province": actor.province,
            "asked_sealed": query.sealed(actor.account_id),
            "saved_at": at,
        },
    )
    return view


@transaction.atomic
def drop_view(*, actor: Actor, view_id: int, at: datetime) -> None:
    """Forget a kept search."""
    deleted, _ = SavedView.objects.filter(account_id=actor.account_id, pk=view_id).delete()
    if not deleted:
        raise not_found("视图", "orders.view.not-found")
