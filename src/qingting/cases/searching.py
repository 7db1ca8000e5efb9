"""What the workbench's search finds among cases: by number, or its last characters."""

import re
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse

from qingting.cases.permissions import VIEW
from qingting.cases.selectors import category_names, visible_to
from qingting.core.actors import Actor
from qingting.core.time import local

MOST = 8
_END_OF_NUMBER = re.compile(r"[A-Z0-9-]*\d{2}")  # a number ends in digits; two of them are the least worth a look


def found(actor: Actor, text: str, *, at: datetime) -> list[dict[str, Any]]:
    """One group, the newest first; nothing for words that are no number."""
    number = text.strip().upper()
    if not actor.may(VIEW) or not _END_OF_NUMBER.fullmatch(number):
        return []
    cases = visible_to(actor).filter(Q(number=number) | Q(number__endswith=number)).order_by("-opened_at")[:MOST]
    names = category_names({case.category for case in cases})
    results = [
        {
            "title": case.number,
            "line": f"{names.get(case.category, '未选案由')} · {local(case.opened_at):%Y-%m-%d}建立",
            "url": reverse("cases:case", args=[case.pk]),
            "level": case.urgency,
            "level_label": case.get_urgency_display(),
            "state": case.get_state_display(),
        }
        for case in cases
    ]
    return [{"title": "个案", "results": results}]
