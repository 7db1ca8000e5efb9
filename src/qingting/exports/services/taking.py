"""Taking the file: by who asked for it, while it is kept, each time told to the journal."""

import base64
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F

from qingting.core.actors import Actor
from qingting.core.crypto import unseal
from qingting.core.errors import DomainError, NotAllowed
from qingting.core.events import publish
from qingting.core.time import local
from qingting.exports import selectors
from qingting.exports.events import ExportDownloaded
from qingting.exports.models import Export, ExportFile
from qingting.exports.permissions import MAKE
from qingting.exports.services.asking import told_of
from qingting.exports.states import ExportState, FileFormat

_TYPES = {
    FileFormat.CSV: ("text/csv; charset=utf-8", "csv"),
    FileFormat.XLSX: ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
}


@dataclass(frozen=True, slots=True)
class Download:
    """A file's name, type and bytes."""

    name: str
    content_type: str
    body: bytes


@transaction.atomic
def download(*, actor: Actor, export_id: int, at: datetime) -> Download:
    """The file, for who asked for it and still may; raises DomainError (`exports.gone`) once its day is over."""
    export = selectors.export_of(actor, export_id)
    if export.account_id != actor.account_id:
        raise NotAllowed("文件只能由申请人下载。", code="exports.not-yours")
    actor.require(MAKE)
    actor.require(selectors.sheet_of(export.sheet).permission)
    file = ExportFile.objects.filter(export=export).first()
    if export.state != ExportState.READY or file is None or (export.expires_at and export.expires_at <= at):
        raise DomainError("文件已过期删除。", code="exports.gone", do_next="需要的话请重新导出。")
    Export.objects.filter(pk=export.pk).update(downloads=F("downloads") + 1)
    publish(told_of(export, ExportDownloaded), actor=actor, at=at)
    content_type, ending = _TYPES[FileFormat(export.file_format)]
    name = f"{selectors.title_of(export)}-{local(export.asked_at):%Y%m%d-%H%M}.{ending}"
    return Download(name, content_type, base64.b64decode(unseal(bytes(file.body_sealed), field=selectors.BODY)))
