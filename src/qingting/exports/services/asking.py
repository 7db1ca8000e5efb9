"""Asking for a list as a file; a colleague's word where it shall hold what people wrote; changing one's mind."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from qingting.core.actors import Actor
from qingting.core.crypto import seal
from qingting.core.errors import DomainError, Invalid, NotAllowed
from qingting.core.events import publish
from qingting.core.rate_limits import check_rate
from qingting.exports import selectors
from qingting.exports.events import ExportApproved, ExportAsked, ExportCancelled, ExportEvent, ExportRefused
from qingting.exports.models import Export
from qingting.exports.permissions import APPROVE, MAKE
from qingting.exports.states import MOST_ROWS, MOVES, ExportState, FileFormat, Sheet
from qingting.staff.services import News, notify_account, notify_holders

MOST_A_DAY = 40  # product default


@dataclass(frozen=True, slots=True)
class NewExport:
    """Which list, narrowed how, as what file, why; with_words: also what people wrote."""

    sheet: str
    filters: Mapping[str, str]
    file_format: str
    reason: str
    with_words: bool = False


def _checked(actor: Actor, key: str, filters: Mapping[str, str]) -> tuple[Sheet, dict[str, str]]:
    actor.require(MAKE)
    sheet = selectors.sheet_of(key)
    actor.require(sheet.permission)
    return sheet, {name: value for name, value in filters.items() if name in sheet.filters and value}


def previewed(*, actor: Actor, key: str, filters: Mapping[str, str], at: datetime) -> tuple[Sheet, dict[str, str], int]:
    """The list, its filters, and how many rows the file would have (MOST_ROWS + 1: too many)."""
    sheet, kept = _checked(actor, key, filters)
    return sheet, kept, len(sheet.ids(actor, kept, at, MOST_ROWS + 1))


@transaction.atomic
def ask(*, actor: Actor, new: NewExport, at: datetime) -> Export:
    """Ask for a file (导出). With words in it, it waits for a colleague who may agree; without, it is made at once.

    Raises NotAllowed without the right to the list or to files, Invalid without a reason, DomainError for an empty list or one
    of more than MOST_ROWS rows, TooMany above MOST_A_DAY a day.
    """
    sheet, filters, total = previewed(actor=actor, key=new.sheet, filters=new.filters, at=at)
    if not new.reason.strip() or new.file_format not in FileFormat.values:
        raise Invalid("请写明导出用来做什么。", code="exports.reason-missing", do_next="理由会和您的姓名一起留痕。")
    _refuse_size(total)
    check_rate("exports", str(actor.account_id), limit=MOST_A_DAY, seconds=86_400, at=at)
    export = Export.objects.create(
        organisation_id=actor.organisation_id,
        province=actor.province,
        account_id=actor.account_id,
        sheet=sheet.key,
        file_format=new.file_format,
        filters_sealed=seal(json.dumps(filters, ensure_ascii=False), field=selectors.FILTERS),
        told=sheet.told(actor, filters)[:300],
        reason=new.reason.strip()[:200],
        with_words=new.with_words and bool(sheet.word_columns),
        state=ExportState.ASKED if new.with_words and sheet.word_columns else ExportState.WAITING,
        total=total,
        asked_at=at,
    )
    publish(told_of(export, ExportAsked), actor=actor, at=at)
    if export.state == ExportState.ASKED:
        _tell_deciders(export, at)
    return export


def _refuse_size(total: int) -> None:
    if total == 0:
        raise DomainError("这个列表现在是空的，没有可以导出的。", code="exports.empty", do_next="换个条件再试。")
    if total > MOST_ROWS:
        raise DomainError(
            f"超过{MOST_ROWS}行，一次导不完。",
            code="exports.too-many",
            do_next="请缩小时间或地区范围，分几次导出；只要数字的，请看“数据”。",
        )


def told_of(export: Export, event: type[ExportEvent]) -> ExportEvent:
    """The event of an export."""
    return event(
        organisation_id=export.organisation_id,
        province=export.province,
        export_id=export.pk,
        owner_account_id=export.account_id,
        sheet=export.sheet,
        rows=export.total,
        with_words=export.with_words,
    )


def _tell_deciders(export: Export, at: datetime) -> None:
    news = News(kind="exports.asked", subject=("export", export.pk), urgency="ROUTINE")
    notify_holders(organisation_id=export.organisation_id, permission=APPROVE, news=news, at=at)


def tell_owner(export: Export, kind: str, at: datetime) -> None:
    """A notice for whoever asked."""
    news = News(kind=kind, subject=("export", export.pk), urgency="ROUTINE")
    notify_account(organisation_id=export.organisation_id, account_id=export.account_id, news=news, at=at)


def moved(export: Export, act: str, **changes: object) -> Export:
    """Change the state if nobody was faster."""
    goal = MOVES.get((ExportState(export.state), act))
    if goal is None or not Export.objects.filter(pk=export.pk, state=export.state).update(state=goal, **changes):
        raise DomainError(
            f"这次导出现在是“{ExportState(export.state).label}”，不能这样操作。",
            code="exports.wrong-state",
            do_next="请刷新页面查看最新状态。",
        )
    for name, value in {"state": goal, **changes}.items():
        setattr(export, name, value)
    return export


def _to_decide(actor: Actor, export_id: int) -> Export:
    actor.require(APPROVE)
    export = selectors.export_of(actor, export_id)
    if export.account_id == actor.account_id:
        raise NotAllowed(
            "自己申请的导出要由另一位同事审批。", code="exports.own", do_next="请联系本单位其他有审批权限的同事。"
        )
    return export


@transaction.atomic
def approve(*, actor: Actor, export_id: int, at: datetime) -> Export:
    """Agree that words leave the house; somebody else than who asked."""
    export = moved(_to_decide(actor, export_id), "approve", decided_by_account_id=actor.account_id, decided_at=at)
    publish(told_of(export, ExportApproved), actor=actor, at=at)
    tell_owner(export, "exports.approved", at)
    return export


@transaction.atomic
def refuse(*, actor: Actor, export_id: int, words: str, at: datetime) -> Export:
    """Do not agree, and say why."""
    if not words.strip():
        raise Invalid("请写明为什么不同意。", code="exports.words-missing")
    decided = {"decided_by_account_id": actor.account_id, "decided_at": at, "why": words.strip()[:200]}
    export = moved(_to_decide(actor, export_id), "refuse", **decided)
    publish(told_of(export, ExportRefused), actor=actor, at=at)
    tell_owner(export, "exports.refused", at)
    return export


@transaction.atomic
def cancel(*, actor: Actor, export_id: int, at: datetime) -> Export:
    """Who asked no longer wants it."""
    export = selectors.export_of(actor, export_id)
    if export.account_id != actor.account_id:
        raise NotAllowed("只有申请人可以取消。", code="exports.not-yours")
    export = moved(export, "cancel")
    publish(told_of(export, ExportCancelled), actor=actor, at=at)
    return export
