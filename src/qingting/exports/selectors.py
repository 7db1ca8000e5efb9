"""Reading exports: one's own, and those of colleagues that wait for a decision. And the lists that there are."""

import json
from functools import cache

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.module_loading import import_string

from qingting.core.actors import Actor
from qingting.core.crypto import unseal
from qingting.core.errors import not_found
from qingting.exports.models import Export
from qingting.exports.permissions import APPROVE, MAKE
from qingting.exports.states import ExportState, Sheet

FILTERS, BODY = "exports_export.filters", "exports_exportfile.body"
PAGE = 20


@cache
def _sheets() -> dict[str, Sheet]:
    """The lists of all rooms, by key; the setting EXPORT_SHEETS names each by its dotted name."""
    found: list[Sheet] = [import_string(name) for name in settings.EXPORT_SHEETS]
    return {sheet.key: sheet for sheet in found}


def sheet_of(key: str) -> Sheet:
    """One list; NotFound where there is none of that key."""
    if key not in _sheets():
        raise not_found("列表", "exports.sheet.not-found")
    return _sheets()[key]


def visible_to(actor: Actor) -> QuerySet[Export]:
    """One's own, and those of colleagues in the same organisation that wait for somebody who may agree."""
    seen = Q(account_id=actor.account_id)
    if actor.may(APPROVE):
        seen |= Q(with_words=True)
    return Export.objects.filter(seen, organisation_id=actor.organisation_id)


def export_of(actor: Actor, export_id: int) -> Export:
    """One of them; NotFound otherwise."""
    found = visible_to(actor).filter(pk=export_id).first()
    if found is None:
        raise not_found("导出", "exports.export.not-found")
    return found


def exports(actor: Actor, page: int = 1) -> tuple[list[Export], bool]:
    """The latest first; and whether there are more."""
    rows = list(visible_to(actor).order_by("-asked_at", "-pk")[(page - 1) * PAGE : page * PAGE + 1])
    return rows[:PAGE], len(rows) > PAGE


def to_decide(actor: Actor) -> list[Export]:
    """What waits for this person's word; never one's own."""
    if not actor.may(APPROVE):
        return []
    waiting = visible_to(actor).filter(state=ExportState.ASKED).exclude(account_id=actor.account_id)
    return list(waiting.order_by("asked_at"))


def may_export(actor: Actor, key: str) -> bool:
    """Whether a page offers this person its list as a file."""
    return key in _sheets() and actor.may(MAKE) and actor.may(_sheets()[key].permission)


def filters_of(export: Export) -> dict[str, str]:
    """What narrowed the list."""
    given: dict[str, str] = json.loads(unseal(bytes(export.filters_sealed), field=FILTERS))
    return given


def title_of(export: Export) -> str:
    """The list's name, also where its room is gone."""
    return _sheets()[export.sheet].title if export.sheet in _sheets() else export.sheet
