"""What happens to an export. The list's key, how many rows, and whether words are in it; never what was filtered for."""

from dataclasses import dataclass
from typing import ClassVar

from qingting.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportEvent(Event):
    """sheet: which list; rows: how many, 0 before it is known; with_words: whether it holds what people wrote."""

    subject: ClassVar[str] = "export_id"
    export_id: int
    owner_account_id: int
    sheet: str
    rows: int
    with_words: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportAsked(ExportEvent):
    name: ClassVar[str] = "exports.asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportApproved(ExportEvent):
    name: ClassVar[str] = "exports.approved"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRefused(ExportEvent):
    name: ClassVar[str] = "exports.refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportCancelled(ExportEvent):
    name: ClassVar[str] = "exports.cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportProgressed(ExportEvent):
    name: ClassVar[str] = "exports.progressed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportReady(ExportEvent):
    name: ClassVar[str] = "exports.ready"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFailed(ExportEvent):
    name: ClassVar[str] = "exports.failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportDownloaded(ExportEvent):
    name: ClassVar[str] = "exports.downloaded"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportExpired(ExportEvent):
    name: ClassVar[str] = "exports.expired"
