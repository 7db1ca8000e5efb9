"""A table of lines and places: brought in and looked at, then written as one, and taken back as one."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_date, parse_datetime

from qingting.core.actors import Actor
from qingting.core.errors import DomainError, Invalid
from qingting.core.events import publish
from qingting.knowledge import permissions, selectors
from qingting.knowledge.events import ResourcesImported
from qingting.knowledge.models import Resource, ResourceImport
from qingting.knowledge.services.resources import fields_of, put_resource, take_back
from qingting.knowledge.sheet import Fields, Judged, Known, Line, judged

_MARKS = ("entered_by_account_id", "entered_at", "confirmed_by_account_id", "confirmed_at", "expires_on")


@dataclass(frozen=True, slots=True)
class Preview:
    """What writing would do now, line by line. seen: names this very preview; writing asks for it, so that nothing else is written."""

    lines: Sequence[Judged]
    seen: str

    def counted(self) -> dict[str, int]:
        """How many lines are in each state."""
        states = [each.state for each in self.lines]
        return {state: states.count(state) for state in ("NEW", "CHANGED", "SAME", "WRONG")}


@transaction.atomic
def bring_table(*, actor: Actor, lines: Sequence[Line], file_name: str, at: datetime) -> ResourceImport:
    """Keep an uploaded table so that it can be looked at. No resource is touched."""
    actor.require(permissions.WRITE, actor.organisation_id)
    if not lines:
        raise Invalid("表格里没有内容。", code="knowledge.import.empty", do_next="第一行是列名，从第二行起每行写一条。")
    return ResourceImport.objects.create(
        organisation_id=actor.organisation_id,
        province=actor.province,
        file_name=file_name[:100],
        lines=list(lines),
        account_id=actor.account_id,
        brought_at=at,
    )


def preview(actor: Actor, table: ResourceImport, known: Known) -> Preview:
    """What writing the table would do to what is kept at this moment."""
    kept = {row.pk: fields_of(row) for row in _own(actor)}
    found = judged(table.lines, kept, known)
    told = [(each.line["line"], each.state, each.target, each.changes) for each in found]
    return Preview(found, hashlib.sha256(repr(told).encode()).hexdigest()[:32])


def _own(actor: Actor) -> Sequence[Resource]:
    return list(Resource.objects.filter(organisation_id=actor.organisation_id, retired_at=None).order_by("pk"))


@transaction.atomic
def write_table(*, actor: Actor, import_id: int, known: Known, seen: str, at: datetime) -> int:
    """Write the new and changed lines, as they were looked at (`seen`); wrong ones are left out. Returns how many were written.

    Refused where what is kept has changed since: the preview would no longer be true.
    """
    actor.require(permissions.WRITE, actor.organisation_id)
    table = _waiting(actor, import_id)
    list(
        Resource.objects.filter(organisation_id=actor.organisation_id, retired_at=None)
        .order_by("pk")
        .select_for_update()
    )
    now = preview(actor, table, known)
    if now.seen != seen:
        raise DomainError(
            "预览之后，资料又有人改过。",
            code="knowledge.import.changed",
            do_next="页面已按现在的资料重新比对，请再看一遍。",
        )
    done = [_write(each, actor, at) for each in now.lines if each.state in {"NEW", "CHANGED"}]
    if not done:
        raise DomainError(
            "没有要写入的内容。", code="knowledge.import.nothing", do_next="改好表格再上传，或放弃这次导入。"
        )
    ResourceImport.objects.filter(pk=table.pk).update(written_at=at, written=_as_json(done))
    _tell(table, "写入", len(done), actor, at)
    return len(done)


def _write(each: Judged, actor: Actor, at: datetime) -> dict[str, Any]:
    fresh = Resource(organisation_id=actor.organisation_id, province=actor.province)
    row = selectors.resource_for(actor, each.target) if each.target else fresh
    before = {**fields_of(row), **{name: getattr(row, name) for name in _MARKS}} if each.target else None
    put_resource(row, each.line["fields"], actor, at)
    return {"line": each.line["line"], "resource_id": row.pk, "before": before}


def _as_json(done: list[dict[str, Any]]) -> Any:
    return json.loads(json.dumps(done, default=lambda value: value.isoformat()))


def _waiting(actor: Actor, import_id: int) -> ResourceImport:
    table = selectors.imports_of(actor).select_for_update().filter(pk=import_id, written_at=None).first()
    if table is None:
        raise DomainError(
            "这次导入已经写入或放弃了。", code="knowledge.import.over", do_next="请回到“导入”页看看现在的情况。"
        )
    return table


@transaction.atomic
def drop_table(*, actor: Actor, import_id: int, at: datetime) -> None:
    """Throw a table away that was only looked at."""
    actor.require(permissions.WRITE, actor.organisation_id)
    table = _waiting(actor, import_id)
    ResourceImport.objects.filter(pk=table.pk).update(dropped_at=at, lines=[])


@transaction.atomic
def undo_table(*, actor: Actor, import_id: int, at: datetime) -> tuple[int, int]:
    """Take back what a table wrote: new ones are shown no more, changed ones are as they were, with whoever had confirmed them. What
    somebody has confirmed, changed or retired since is left alone. Returns how many were taken back, and how many left."""
    actor.require(permissions.WRITE, actor.organisation_id)
    table = selectors.imports_of(actor).select_for_update().filter(pk=import_id).first()
    if table is None or table.written_at is None or table.undone_at is not None:
        raise DomainError(
            "这次导入不能撤销。", code="knowledge.import.not-written", do_next="它还没有写入，或已经撤销过。"
        )
    ids = [each["resource_id"] for each in table.written]
    rows = {row.pk: row for row in Resource.objects.filter(pk__in=ids).order_by("pk").select_for_update()}
    back = 0
    for each in table.written:
        row = rows.get(each["resource_id"])
        if row is not None and _untouched(row, table):
            take_back(row, _restored(each["before"]), actor, at)
            back += 1
    left = len(table.written) - back
    ResourceImport.objects.filter(pk=table.pk).update(undone_at=at, left_alone=left)
    _tell(table, "撤销", back, actor, at)
    return back, left


def _untouched(row: Resource, table: ResourceImport) -> bool:
    return row.entered_at == table.written_at and row.confirmed_at is None and row.retired_at is None


def _restored(before: Fields | None) -> Fields | None:
    if before is None:
        return None
    moments = {name: parse_datetime(before[name]) if before[name] else None for name in ("entered_at", "confirmed_at")}
    return {**before, **moments, "expires_on": parse_date(before["expires_on"]) if before["expires_on"] else None}


def _tell(table: ResourceImport, act: str, lines: int, actor: Actor, at: datetime) -> None:
    event = ResourcesImported(
        organisation_id=table.organisation_id, province=table.province, import_id=table.pk, act=act, lines=lines
    )
    publish(event, actor=actor, at=at)
