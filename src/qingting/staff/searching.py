"""What the workbench's search finds among accounts, for whoever administers them."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from qingting.core.actors import Actor
from qingting.staff.permissions import MANAGE
from qingting.staff.roles import ROLES
from qingting.staff.selectors import people

MOST = 8


def found(actor: Actor, text: str, *, at: datetime) -> list[dict[str, Any]]:
    """One group: people of the actor's organisations, by name or username."""
    if not actor.may(MANAGE):
        return []
    results = [
        {
            "title": f"{account.display_name}（{account.username}）",
            "line": "、".join(
                f"{post.organisation.short_name}{ROLES[post.role].label if post.role in ROLES else post.role}"
                for post in getattr(account, "posts_within", [])[:3]
            ),
            "url": reverse("staff:person", args=[account.pk]),
            "state": "使用中" if account.is_active else "已停用",
        }
        for account in people(actor, words=text.strip())[:MOST]
    ]
    return [{"title": "人员", "results": results}]
