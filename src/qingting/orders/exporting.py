"""Lists of orders as files: what is in each line, and what narrows them. Names and numbers of people stand in the vault, not here."""

import base64
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from qingting.core import time
from qingting.core.actors import Actor
from qingting.directory.models import Division
from qingting.directory.states import Urgency
from qingting.exports.states import Filters, Sheet
from qingting.orders import permissions, selectors, services
from qingting.orders.models import OrderNote, WorkOrder
from qingting.orders.states import OVER, Box, OrderKind, OrderState
from qingting.staff.selectors import display_names

_COLUMNS = (
    "单号", "类型", "紧急程度", "状态", "案由", "地区", "派单单位", "主办单位", "经办人", "审核单位", "起草时间", "派单时间",
    "接单时间", "提交时间", "办结时间", "时限", "已超时", "催办次数", "挂牌督办时间",
)  # fmt: skip


def _query(filters: Filters, actor: Actor) -> selectors.OrderQuery:
    """The search whose sealed word the page sent."""
    word = filters.get("q", "")
    try:
        sealed = base64.urlsafe_b64decode(word + "=" * (-len(word) % 4))
    except ValueError:
        return selectors.OrderQuery()
    return selectors.unsealed_query(sealed, actor.account_id)


def _ids(actor: Actor, filters: Filters, at: datetime, most: int) -> list[int]:
    if filters.get("q"):
        return services.find_order_ids(actor=actor, query=_query(filters, actor), at=at, most=most)
    return selectors.order_ids(actor, filters.get("box", ""), filters.get("urgency", ""), most)


def _told(actor: Actor, filters: Filters) -> str:
    """In words, without what was typed: it may name a person."""
    if filters.get("q"):
        query = _query(filters, actor)
        said = [
            "搜索结果",
            "含关键词" if query.words else "",
            OrderState(query.state).label if query.state else "",
            OrderKind(query.kind).label if query.kind else "",
            Urgency(query.urgency).label if query.urgency else "",
            f"{query.since}起" if query.since else "",
            f"到{query.until}" if query.until else "",
        ]
        return "，".join(str(part) for part in said if part)
    box, urgency = filters.get("box", ""), filters.get("urgency", "")
    return "，".join(
        [
            str(Box(box).label) if box in Box.values else "全部",
            *([str(Urgency(urgency).label)] if urgency in Urgency.values else []),
        ]
    )


def _rows(actor: Actor, ids: Sequence[int], with_words: bool) -> list[list[Any]]:
    found = {order.pk: order for order in selectors.few_visible_to(actor).filter(pk__in=ids)}
    orders = [found[pk] for pk in ids if pk in found]
    cases = selectors.case_names({order.case_id for order in orders})
    houses = selectors.names_of({house for order in orders for house in _houses(order)})
    places = dict(Division.objects.filter(pk__in={order.division for order in orders}).values_list("pk", "name"))
    people = display_names({order.handler_account_id or 0 for order in orders})
    latest = _latest_words(ids) if with_words else {}
    rows = []
    for order in orders:
        names = {"houses": houses, "people": people, "category": cases.get(order.case_id, ("", ""))[1]}
        row = _row(order, names, places.get(order.division, order.division))
        rows.append([*row, order.instructions, latest.get(order.pk, "")] if with_words else row)
    return rows


def _houses(order: WorkOrder) -> set[int]:
    return {order.organisation_id, order.handler_organisation_id or 0, order.reviewer_organisation_id or 0}


def _row(order: WorkOrder, names: dict[str, Any], place: str) -> list[Any]:
    houses = names["houses"]
    late = order.state not in OVER and order.due_at is not None and order.due_at < time.now()
    return [
        order.number,
        order.get_kind_display(),
        order.get_urgency_display(),
        order.get_state_display(),
        names["category"],
        place,
        houses.get(order.organisation_id, ""),
        houses.get(order.handler_organisation_id or 0, ""),
        names["people"].get(order.handler_account_id or 0, ""),
        houses.get(order.reviewer_organisation_id or 0, ""),
        order.drafted_at,
        order.dispatched_at,
        order.accepted_at,
        order.submitted_at,
        order.finished_at,
        order.due_at,
        late,
        order.reminders,
        order.supervised_at,
    ]


def _latest_words(ids: Sequence[int]) -> dict[int, str]:
    """What was written last about each order."""
    notes = OrderNote.objects.filter(order__in=ids).order_by("order_id", "-at", "-pk").distinct("order_id")
    return dict(notes.values_list("order_id", "text"))


ORDERS = Sheet(
    key="orders",
    title="工单列表",
    permission=permissions.VIEW,
    columns=_COLUMNS,
    word_columns=("要办的事", "最近一次进展"),
    filters=("box", "urgency", "q"),
    told=_told,
    ids=_ids,
    rows=_rows,
)


def _supervised_ids(actor: Actor, filters: Filters, at: datetime, most: int) -> list[int]:
    return [order.pk for order in selectors.supervised(actor, most)]


SUPERVISED = Sheet(
    key="supervised",
    title="督办清单",
    permission=permissions.VIEW,
    columns=_COLUMNS,
    word_columns=("要办的事", "最近一次进展"),
    filters=(),
    told=lambda actor, filters: "正在挂牌督办",
    ids=_supervised_ids,
    rows=_rows,
)
