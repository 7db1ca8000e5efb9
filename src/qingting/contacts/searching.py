"""What the workbench's search finds among contact records: by number, or by words of the summary."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse

from qingting.contacts.models import Contact
from qingting.contacts.permissions import VIEW
from qingting.contacts.selectors import visible_to, within
from qingting.core.actors import Actor
from qingting.core.time import local
from qingting.directory.models import CaseCategory

MOST = 8
# Words are looked for from the newest record backwards, and no further than this.
REACH = timedelta(days=400)
_LARGEST_ID = 2**63 - 1


def found(actor: Actor, text: str, *, at: datetime) -> list[dict[str, Any]]:
    """One group, the newest first; by words only among the records of the actor's own organisations."""
    asked = text.strip()
    if not actor.may(VIEW) or not asked:
        return []
    contacts = _by_number(actor, asked) if _is_number(asked) else _by_words(actor, asked, at)
    names = dict(CaseCategory.objects.filter(pk__in={row.category for row in contacts}).values_list("pk", "name"))
    results = [
        {
            "title": f"{contact.get_channel_display()} · {local(contact.started_at):%Y-%m-%d %H:%M}",
            "line": " · ".join(part for part in (names.get(contact.category, ""), _around(contact, asked)) if part),
            "url": reverse("contacts:detail", args=[contact.pk]),
            "level": contact.risk_level,
            "level_label": contact.get_risk_level_display(),
            "state": contact.get_state_display(),
        }
        for contact in contacts
    ]
    return [{"title": "接触记录", "results": results}]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _by_number(actor: Actor, number: str) -> list[Contact]:
    return list(visible_to(actor).filter(pk=int(number))) if int(number) <= _LARGEST_ID else []


def _by_words(actor: Actor, words: str, at: datetime) -> list[Contact]:
    told = Q()
    for word in words.split():
        told &= Q(summary__icontains=word)
    recent = within(actor).filter(told, started_at__gte=at - REACH)
    return list(recent.defer("draft").order_by("-started_at")[:MOST])


def _around(contact: Contact, words: str) -> str:
    """The summary near what was looked for."""
    summary = " ".join(contact.summary.split())
    start = max(0, summary.lower().find(words.split(maxsplit=1)[0].lower()) - 12)
    piece = summary[start : start + 48]
    return f"{'…' if start else ''}{piece}{'…' if start + 48 < len(summary) else ''}"
