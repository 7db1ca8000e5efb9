"""What the workbench's search finds among seekers: by an exact value only, through the blind index. Nobody is ever listed."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from qingting.core.actors import Actor
from qingting.core.time import local
from qingting.seekers import rules
from qingting.seekers.models import Seeker
from qingting.seekers.permissions import VIEW
from qingting.seekers.selectors import find_by
from qingting.seekers.states import FINDABLE, DatumKind


def found(actor: Actor, text: str, *, at: datetime) -> list[dict[str, Any]]:
    """One group: whoever has, or had, exactly this as telephone, id number, WeChat id or name; what they are, masked."""
    if not actor.may(VIEW):
        return []
    people: dict[int, tuple[Seeker, str, str]] = {}
    for kind in DatumKind:
        value = rules.normalised(kind, text)
        if kind in FINDABLE and not rules.problem_with(kind, value):
            shown = rules.masked(kind, value)
            for seeker in find_by(actor, kind, value):
                people.setdefault(seeker.pk, (seeker, str(kind.label), shown))
    results = [
        {
            "title": seeker.pseudonym,
            "line": " · ".join(
                (
                    f"{label} {shown}",
                    seeker.get_age_band_display() or "年龄未询问",
                    seeker.get_gender_display() or "性别未询问",
                    f"{local(seeker.created_at):%Y-%m-%d}建档",
                )
            ),
            "url": reverse("workbench:person", args=[seeker.pk]),
        }
        for seeker, label, shown in people.values()
    ]
    return [{"title": "求助者", "results": results}]
