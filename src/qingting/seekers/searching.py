"""What the workbench's search finds among seekers: by an exact value only, through the blind index. Nobody is ever listed."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from qingting.core.actors import Actor
from qingting.core.errors import TooMany
from qingting.core.time import local
from qingting.seekers import rules
from qingting.seekers.permissions import VIEW
from qingting.seekers.selectors import may_be
from qingting.seekers.services import find_anybody
from qingting.seekers.states import DatumKind


def found(actor: Actor, text: str, *, at: datetime) -> list[dict[str, Any]]:
    """One group: whoever has, or had, exactly this as telephone, id number, WeChat id or name; what they are, masked."""
    if not actor.may(VIEW):
        return []
    likely = may_be(text)
    try:
        people = find_anybody(actor=actor, kinds=likely, at=at)
    except TooMany as refusal:
        told = {"title": refusal.message, "line": "每小时的查找次数有上限，请稍后再试", "url": reverse("seekers:list")}
        return [{"title": "求助者", "results": [told]}]
    results = [
        {
            "title": seeker.pseudonym,
            "line": " · ".join(
                (
                    f"{DatumKind(kind).label} {rules.masked(kind, likely[kind])}",
                    seeker.get_age_band_display() or "年龄未询问",
                    seeker.get_gender_display() or "性别未询问",
                    f"{local(seeker.created_at):%Y-%m-%d}建档",
                )
            ),
            "url": reverse("workbench:person", args=[seeker.pk]),
        }
        for seeker, kind in people.values()
    ]
    return [{"title": "求助者", "results": results}]
