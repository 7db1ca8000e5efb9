"""Bulk work (R-E7): a plan that is looked at first, run in the background order by order, and undone where that is possible.

Each order goes through the same service as by hand, as the person who confirmed the plan, with the rights they have then.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from qingting.core.actors import Actor
from qingting.core.errors import DomainError, Invalid
from qingting.core.events import publish
from qingting.core.scope import EVERYTHING, acting
from qingting.directory import selectors as directory
from qingting.orders import selectors
from qingting.orders.events import BulkDone, BulkEvent, BulkProgressed, BulkStarted, BulkUndoStarted
from qingting.orders.models import Bulk, BulkItem, WorkOrder
from qingting.orders.permissions import VIEW
from qingting.orders.services import acts, joining
from qingting.orders.states import MOST_IN_BULK, MOVES, BulkAct, BulkState, ItemState, OrderState
from qingting.staff.actors import actor_for
from qingting.staff.services import News, notify_account

BATCH = 20
UNDO_WORDS = "撤销批量操作"


@dataclass(frozen=True, slots=True)
class NewBulk:
    """What shall be done, and with what: a handler to reassign to, a person to assign, the number to merge into."""

    act: str
    words: str = ""
    handler_organisation_id: int | None = None
    account_id: int | None = None
    target_number: str = ""


@transaction.atomic
def plan_bulk(*, actor: Actor, order_ids: Sequence[int], new: NewBulk, at: datetime) -> Bulk:
    """Write a plan down, with what would be refused and why. Nothing is done before it is confirmed."""
    actor.require(VIEW)
    wanted = list(dict.fromkeys(order_ids))
    if not 1 <= len(wanted) <= MOST_IN_BULK:
        raise Invalid(f"请选择1到{MOST_IN_BULK}张工单。", code="orders.bulk.how-many")
    _check(new)
    home = {"organisation_id": actor.organisation_id, "province": actor.province}
    given = {name: getattr(new, name) for name in NewBulk.__dataclass_fields__}
    bulk = Bulk.objects.create(**home, **given, planned_by_account_id=actor.account_id, planned_at=at)
    seen = selectors.visible_to(actor).filter(pk__in=wanted).select_related("case").order_by("number")
    items = [_item(bulk, order, _refusal(actor, bulk, order, at), home) for order in seen]
    if not items:
        raise Invalid("没有可操作的工单。", code="orders.bulk.none")
    BulkItem.objects.bulk_create(items)
    return bulk


def _check(new: NewBulk) -> None:
    if new.act not in BulkAct.values:
        raise Invalid("请选择要做什么。", code="orders.bulk.act")
    move = MOVES[new.act]
    given = {"handler": new.handler_organisation_id, "account": new.account_id, "target": new.target_number.strip()}
    if move.needs_words and not new.words.strip():
        raise Invalid(f"请填写{move.words_label}。", code="orders.order.words-missing")
    if any(not given[field] for field in move.form):
        raise Invalid("请选择改派的单位、经办人或并入的单号。", code="orders.bulk.incomplete")


def _item(bulk: Bulk, order: WorkOrder, reason: str, home: dict[str, Any]) -> BulkItem:
    state = ItemState.REFUSED if reason else ItemState.WAITING
    return BulkItem(bulk=bulk, order=order, state=state, reason=reason[:200], **home)


def _refusal(actor: Actor, bulk: Bulk, order: WorkOrder, at: datetime) -> str:
    """Why the act can't be done to this order now; empty where it can, as far as one sees beforehand."""
    move = MOVES[bulk.act]
    if move not in selectors.acts_open_to(actor, order, at=at):
        return f"工单现在是“{OrderState(order.state).label}”，或不由您单位{move.label}。"
    hindrance = selectors.hindrance(order, move, at=at)
    same = bulk.act == BulkAct.REASSIGN and bulk.handler_organisation_id == order.handler_organisation_id
    return hindrance.message if hindrance else "已经由该单位主办。" if same else ""


def _own(actor: Actor, bulk_id: int, *states: str) -> Bulk:
    bulk = selectors.bulk_of(actor, bulk_id)
    if bulk.state not in states:
        raise DomainError(
            f"这次批量操作{BulkState(bulk.state).label}。", code="orders.bulk.wrong-state", do_next="请刷新页面查看。"
        )
    return bulk


@transaction.atomic
def confirm_bulk(*, actor: Actor, bulk_id: int, at: datetime) -> Bulk:
    """Run the plan; the worker does it in the background."""
    bulk = _own(actor, bulk_id, BulkState.PREVIEW)
    return _started(bulk, actor, BulkState.RUNNING, BulkStarted, at)


@transaction.atomic
def undo_bulk(*, actor: Actor, bulk_id: int, at: datetime) -> Bulk:
    """Take back what can be taken back: orders that nobody has touched since."""
    bulk = _own(actor, bulk_id, BulkState.DONE)
    if bulk.act == BulkAct.REMIND:
        raise DomainError("催办不能撤销。", code="orders.bulk.not-undoable", do_next="可以逐张补充说明。")
    return _started(bulk, actor, BulkState.UNDOING, BulkUndoStarted, at)


def _started(bulk: Bulk, actor: Actor, state: str, event: type[BulkEvent], at: datetime) -> Bulk:
    if not Bulk.objects.filter(pk=bulk.pk, state=bulk.state).update(state=state):
        raise DomainError("刚刚已经点过了。", code="orders.bulk.wrong-state", do_next="请刷新页面查看。")
    bulk.state = state
    publish(_event(bulk, event, bulk.items.count()), actor=actor, at=at)
    return bulk


def _event(bulk: Bulk, event: type[BulkEvent], count: int) -> BulkEvent:
    house, province = bulk.organisation_id, bulk.province
    return event(organisation_id=house, province=province, bulk_id=bulk.pk, act=bulk.act, count=count)


def work_on_bulk(*, at: datetime) -> int:
    """The worker: some orders of the oldest plan that runs. Returns how many; 0 where nothing is to do."""
    with acting(EVERYTHING), transaction.atomic():
        running = Bulk.objects.filter(state__in=[BulkState.RUNNING, BulkState.UNDOING]).order_by("planned_at")
        bulk = running.select_for_update(skip_locked=True).first()
        if bulk is None:
            return 0
        house = directory.organisation(bulk.organisation_id)
        actor = actor_for(bulk.planned_by_account_id, house, at=at)
        undoing = bulk.state == BulkState.UNDOING
        open_ones = bulk.items.filter(state=ItemState.DONE if undoing else ItemState.WAITING)
        items = list(open_ones.select_related("order").order_by("order__number")[:BATCH])
        for item in items:
            _work(actor, bulk, item, undoing, at)
        if len(items) < BATCH:
            _finish(bulk, actor, undoing, at)
        else:
            publish(_event(bulk, BulkProgressed, len(items)), actor=actor, at=at)
    return max(1, len(items))


def _work(actor: Actor, bulk: Bulk, item: BulkItem, undoing: bool, at: datetime) -> None:
    order, before = item.order, (item.order.handler_organisation_id, item.order.handler_account_id)
    done, refused = (ItemState.UNDONE, ItemState.KEPT) if undoing else (ItemState.DONE, ItemState.REFUSED)
    try:
        with transaction.atomic(), acting(actor.scope):
            _DO[bulk.act, undoing](actor, bulk, item, at)
    except DomainError as refusal:
        BulkItem.objects.filter(pk=item.pk).update(state=refused, reason=refusal.message[:200])
        return
    kept = {} if undoing else {"former_organisation_id": before[0], "former_account_id": before[1]}
    BulkItem.objects.filter(pk=item.pk).update(state=done, reason="", **kept)
    order.refresh_from_db()


def _reassign(actor: Actor, bulk: Bulk, item: BulkItem, at: datetime) -> None:
    goal = bulk.handler_organisation_id or 0
    acts.reassign(actor=actor, order_id=item.order_id, handler_organisation_id=goal, words=bulk.words, at=at)


def _reassign_back(actor: Actor, bulk: Bulk, item: BulkItem, at: datetime) -> None:
    _refuse_touched(item, item.order.handler_organisation_id == bulk.handler_organisation_id, OrderState.DISPATCHED)
    goal = item.former_organisation_id or 0
    acts.reassign(actor=actor, order_id=item.order_id, handler_organisation_id=goal, words=UNDO_WORDS, at=at)


def _assign(actor: Actor, bulk: Bulk, item: BulkItem, at: datetime) -> None:
    acts.assign(actor=actor, order_id=item.order_id, account_id=bulk.account_id or 0, words=bulk.words, at=at)


def _assign_back(actor: Actor, bulk: Bulk, item: BulkItem, at: datetime) -> None:
    _refuse_touched(item, item.order.handler_account_id == bulk.account_id and item.former_account_id is not None)
    acts.assign(actor=actor, order_id=item.order_id, account_id=item.former_account_id or 0, words=UNDO_WORDS, at=at)


def _remind(actor: Actor, bulk: Bulk, item: BulkItem, at: datetime) -> None:
    acts.remind(actor=actor, order_id=item.order_id, words=bulk.words, at=at)


def _merge(actor: Actor, bulk: Bulk, item: BulkItem, at: datetime) -> None:
    joining.merge(actor=actor, order_id=item.order_id, target_number=bulk.target_number, words=bulk.words, at=at)


def _unmerge(actor: Actor, bulk: Bulk, item: BulkItem, at: datetime) -> None:
    joining.unmerge(actor=actor, order_id=item.order_id, words=UNDO_WORDS, at=at)


def _refuse_touched(item: BulkItem, as_left: bool, state: str = "") -> None:
    if not as_left or (state and item.order.state != state):
        raise DomainError("之后有人操作过，不能撤销。", code="orders.bulk.touched")


_DO: dict[tuple[str, bool], Callable[[Actor, Bulk, BulkItem, datetime], None]] = {
    (BulkAct.REASSIGN, False): _reassign,
    (BulkAct.REASSIGN, True): _reassign_back,
    (BulkAct.ASSIGN, False): _assign,
    (BulkAct.ASSIGN, True): _assign_back,
    (BulkAct.REMIND, False): _remind,
    (BulkAct.MERGE, False): _merge,
    (BulkAct.MERGE, True): _unmerge,
}


def _finish(bulk: Bulk, actor: Actor, undoing: bool, at: datetime) -> None:
    state = BulkState.UNDONE if undoing else BulkState.DONE
    Bulk.objects.filter(pk=bulk.pk).update(state=state, done_at=at)
    publish(_event(bulk, BulkDone, bulk.items.count()), actor=actor, at=at)
    news = News(kind="orders.bulk-done", subject=("bulk", bulk.pk), urgency="ROUTINE")
    notify_account(organisation_id=bulk.organisation_id, account_id=bulk.planned_by_account_id, news=news, at=at)
