"""The worker's part: making files a batch of rows at a time, and deleting them when their day is over.

Whoever is killed in the middle of a file loses nothing but time: it is begun anew by the next worker that finds it untouched.
"""

import base64
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from qingting.core.actors import Actor, system_for
from qingting.core.crypto import keyring, seal, unseal
from qingting.core.errors import DomainError
from qingting.core.events import publish
from qingting.core.scope import EVERYTHING, acting
from qingting.directory import selectors as directory
from qingting.exports import rules, selectors
from qingting.exports.events import ExportExpired, ExportFailed, ExportProgressed, ExportReady
from qingting.exports.models import Export, ExportFile
from qingting.exports.permissions import MAKE
from qingting.exports.services.asking import moved, tell_owner, told_of
from qingting.exports.states import KEPT_HOURS, MOST_ROWS, ExportState, FileFormat, Sheet
from qingting.staff.actors import actor_for
from qingting.staff.selectors import display_names

BATCH = 500
LEFT_ALONE = timedelta(seconds=90)  # a file that no worker has touched for so long is begun anew


class _Cancelled(Exception):
    """Whoever asked changed their mind while it was made."""


def work_on_exports(*, at: datetime) -> int:
    """Make the file that waits longest. Returns 1, or 0 where none waits."""
    export = _claimed(at)
    if export is None:
        return 0
    try:
        with acting(EVERYTHING):
            house = directory.organisation(export.organisation_id)
        _make(export, actor_for(export.account_id, house, at=at), at)
    except _Cancelled:
        pass
    except DomainError as refusal:
        _fail(export, refusal.message, at)
    return 1


@transaction.atomic
def _claimed(at: datetime) -> Export | None:
    with acting(EVERYTHING):
        left = Q(state=ExportState.RUNNING, touched_at__lt=at - LEFT_ALONE)
        waiting = Export.objects.filter(Q(state=ExportState.WAITING) | left).order_by("asked_at")
        export = waiting.select_for_update(skip_locked=True).first()
        return moved(export, "work", touched_at=at, done=0) if export else None


def _make(export: Export, actor: Actor, at: datetime) -> None:
    """All rows, then the file; as the person who asked, with the rights they have now."""
    sheet = selectors.sheet_of(export.sheet)
    actor.require(MAKE)
    actor.require(sheet.permission)
    rows: list[list[Any]] = []
    for batch in _batches(export, sheet, actor, at):
        rows += batch
        _progress(export, len(rows), at)
    _keep(export, sheet, rows, at)


def _batches(export: Export, sheet: Sheet, actor: Actor, at: datetime) -> Iterator[list[list[Any]]]:
    filters = selectors.filters_of(export)
    with acting(actor.scope), transaction.atomic():
        ids = sheet.ids(actor, filters, at, MOST_ROWS)
    for place in range(0, len(ids), BATCH):
        with acting(actor.scope), transaction.atomic():
            yield sheet.rows(actor, ids[place : place + BATCH], export.with_words)


@transaction.atomic
def _progress(export: Export, done: int, at: datetime) -> None:
    with acting(EVERYTHING):
        running = Export.objects.filter(pk=export.pk, state=ExportState.RUNNING)
        if not running.update(done=done, touched_at=max(at, export.touched_at or at)):
            raise _Cancelled
        publish(told_of(export, ExportProgressed), actor=_system(export), at=at)


def _system(export: Export) -> Actor:
    return system_for(export.organisation_id, export.province)


@transaction.atomic
def _keep(export: Export, sheet: Sheet, rows: list[list[Any]], at: datetime) -> None:
    body = _file_of(export, sheet, rows, at)
    with acting(EVERYTHING):
        home = {"organisation_id": export.organisation_id, "province": export.province}
        sealed = seal(base64.b64encode(body).decode("ascii"), field=selectors.BODY)
        ExportFile.objects.update_or_create(export=export, defaults={**home, "body_sealed": sealed})
        until = at + timedelta(hours=KEPT_HOURS)
        moved(export, "finish", ready_at=at, expires_at=until, done=len(rows), total=len(rows))
        publish(told_of(export, ExportReady), actor=_system(export), at=at)
        tell_owner(export, "exports.ready", at)


def _file_of(export: Export, sheet: Sheet, rows: list[list[Any]], at: datetime) -> bytes:
    headings = sheet.headings(with_words=export.with_words)
    if export.file_format == FileFormat.CSV:
        return rules.as_csv(headings, rows)
    name = display_names({export.account_id}).get(export.account_id, "")
    notes = [
        ("列表", sheet.title),
        ("条件", export.told),
        ("行数", str(len(rows))),
        ("导出人", name),
        ("用途", export.reason),
        ("生成时间", str(rules.plain(at))),
        ("须知", "内部资料，只用于上面写明的用途；用完请删除，不要转发。"),
    ]
    return rules.as_xlsx(sheet.title, headings, rows, notes)


@transaction.atomic
def _fail(export: Export, why: str, at: datetime) -> None:
    with acting(EVERYTHING):
        failed = Export.objects.filter(pk=export.pk, state=ExportState.RUNNING)
        if failed.update(state=ExportState.FAILED, why=why[:200]):
            publish(told_of(export, ExportFailed), actor=_system(export), at=at)
            tell_owner(export, "exports.failed", at)


@transaction.atomic
def expire_exports(*, at: datetime, limit: int = 100) -> int:
    """Delete files whose day is over, and what they were narrowed by. Returns how many."""
    with acting(EVERYTHING):
        over = Export.objects.filter(state=ExportState.READY, expires_at__lte=at)
        found = list(over.select_for_update(skip_locked=True).order_by("expires_at")[:limit])
        ExportFile.objects.filter(export__in=found).delete()
        for export in found:
            moved(export, "expire", filters_sealed=seal("{}", field=selectors.FILTERS))
            publish(told_of(export, ExportExpired), actor=_system(export), at=at)
    return len(found)


@transaction.atomic
def rotate_exports(*, batch: int = 100, at: datetime) -> int:
    """Seal up to `batch` filters and as many files with the current key. Returns how many; 0 when done."""
    older = bytes([1]) + keyring().current.to_bytes(2, "big")  # how envelopes of this key begin
    with acting(EVERYTHING):
        asked = list(Export.objects.filter(filters_sealed__lt=older).select_for_update(skip_locked=True)[:batch])
        for row in asked:
            row.filters_sealed = _anew(bytes(row.filters_sealed), selectors.FILTERS)
        Export.objects.bulk_update(asked, ["filters_sealed"])
        files = list(ExportFile.objects.filter(body_sealed__lt=older).select_for_update(skip_locked=True)[:5])
        for file in files:
            file.body_sealed = _anew(bytes(file.body_sealed), selectors.BODY)
        ExportFile.objects.bulk_update(files, ["body_sealed"])
    return len(asked) + len(files)


def _anew(envelope: bytes, field: str) -> bytes:
    return seal(unseal(envelope, field=field), field=field)
