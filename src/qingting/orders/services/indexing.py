"""Keeping the search up from the journal: orders that something happened to are taken in again, a batch at a time."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from qingting.core.journal import Cursor, read_after
from qingting.core.models import Grant
from qingting.core.scope import EVERYTHING, acting
from qingting.core.time import local
from qingting.directory.models import CaseCategory, Organisation
from qingting.directory.rules import division_line
from qingting.orders import rules
from qingting.orders.models import OrderNote, OrderSearch, SearchMark, WorkOrder
from qingting.orders.selectors.tokens import tokens_for

BATCH = 500


def index_changed(*, at: datetime) -> int:
    """Take in what happened to orders since the mark. Returns how many journal entries were read."""
    with acting(EVERYTHING), transaction.atomic():
        mark, _ = SearchMark.objects.select_for_update().get_or_create(pk=1)
        rows = read_after(Cursor(mark.txid, mark.entry_id), limit=BATCH)
        index_orders({row.ids["order"] for row in rows if row.name.startswith("orders.") and "order" in row.ids})
        if rows:
            last = rows[-1].cursor
            SearchMark.objects.filter(pk=1).update(txid=last.txid, entry_id=last.entry_id)
    return len(rows)


def rebuild_index(*, at: datetime) -> int:
    """Forget the index and read the whole journal again. Returns how many entries were read."""
    with acting(EVERYTHING), transaction.atomic():
        OrderSearch.objects.all().delete()
        SearchMark.objects.update_or_create(pk=1, defaults={"txid": 0, "entry_id": 0})
    total = 0
    while count := index_changed(at=at):
        total += count
    return total


def index_orders(order_ids: Iterable[int]) -> None:
    """Work out anew what these orders are found by. The scope must see all of them."""
    orders = list(WorkOrder.objects.filter(pk__in=sorted(order_ids)).select_related("case"))
    if not orders:
        return
    words, parties = _words(orders), _parties(orders)
    paths, parents = _paths(parties.values()), _parents(orders)
    rows = [
        OrderSearch(
            order=order,
            drafted_at=order.drafted_at,
            tokens=_found_by(order, words[order.pk], _above(parties[order.pk], paths), parents),
        )
        for order in orders
    ]
    OrderSearch.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["order"], update_fields=["drafted_at", "tokens"]
    )


def _words(orders: Sequence[WorkOrder]) -> dict[int, list[str]]:
    words = {order.pk: [order.instructions, order.case.summary] for order in orders}
    for order_id, text in OrderNote.objects.filter(order__in=orders).values_list("order_id", "text"):
        words[order_id].append(text)
    return words


def _parties(orders: Sequence[WorkOrder]) -> dict[int, set[int]]:
    """Who owns an order or may see it."""
    parties = {order.pk: {order.organisation_id} for order in orders}
    live = Grant.objects.filter(subject_kind="order", subject_id__in=list(parties), revoked_at=None)
    for order_id, organisation_id in live.values_list("subject_id", "organisation_id"):
        parties[order_id].add(organisation_id)
    return parties


def _paths(parties: Iterable[set[int]]) -> dict[int, list[int]]:
    wanted = set().union(*parties)
    return dict(Organisation.objects.filter(pk__in=wanted).values_list("pk", "path"))


def _above(parties: set[int], paths: dict[int, list[int]]) -> set[int]:
    """The parties and everybody who stands above one of them."""
    return {house for organisation_id in parties for house in paths.get(organisation_id, [organisation_id])}


def _parents(orders: Sequence[WorkOrder]) -> dict[str, str]:
    wanted = {order.case.category for order in orders}
    return {
        code: parent or "" for code, parent in CaseCategory.objects.filter(pk__in=wanted).values_list("pk", "parent_id")
    }


def _found_by(order: WorkOrder, words: list[str], above: set[int], parents: dict[str, str]) -> list[int]:
    day = local(order.drafted_at)
    grams = set().union(*(rules.grams(text) for text in words))
    category = order.case.category
    return tokens_for(
        {
            "word": grams,
            "under": above,
            "number": rules.number_parts(order.number),
            "place": division_line(order.division),
            "category": {category, parents.get(category, "")} - {""},
            "kind": {order.kind},
            "urgency": {order.urgency},
            "state": {order.state},
            "handler": {order.handler_organisation_id or 0},
            "case": {order.case_id},
            "year": {day.year},
            "month": {f"{day:%Y-%m}"},
        }
    )
