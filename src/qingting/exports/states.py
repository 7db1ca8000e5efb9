"""States of an export, as data, and what a room says of a list that may be taken out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import TextChoices

from qingting.core.actors import Actor


class ExportState(TextChoices):
    ASKED = "ASKED", "等待审批"
    WAITING = "WAITING", "排队中"
    RUNNING = "RUNNING", "生成中"
    READY = "READY", "可以下载"
    REFUSED = "REFUSED", "没有同意"
    FAILED = "FAILED", "没有成功"
    CANCELLED = "CANCELLED", "已取消"
    EXPIRED = "EXPIRED", "已过期删除"


# (state, act) → state
MOVES = {
    (ExportState.ASKED, "approve"): ExportState.WAITING,
    (ExportState.ASKED, "refuse"): ExportState.REFUSED,
    (ExportState.ASKED, "cancel"): ExportState.CANCELLED,
    (ExportState.WAITING, "cancel"): ExportState.CANCELLED,
    (ExportState.RUNNING, "cancel"): ExportState.CANCELLED,
    (ExportState.WAITING, "work"): ExportState.RUNNING,
    (ExportState.RUNNING, "work"): ExportState.RUNNING,
    (ExportState.RUNNING, "finish"): ExportState.READY,
    (ExportState.WAITING, "fail"): ExportState.FAILED,
    (ExportState.RUNNING, "fail"): ExportState.FAILED,
    (ExportState.READY, "expire"): ExportState.EXPIRED,
}
AT_WORK = (ExportState.WAITING, ExportState.RUNNING)


class FileFormat(TextChoices):
    XLSX = "XLSX", "Excel（.xlsx）"
    CSV = "CSV", "CSV（.csv）"


MOST_ROWS = 20_000  # product default: what a spreadsheet and a worker's memory bear easily
KEPT_HOURS = 24
Filters = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list of a room. key: stored; title: shown; permission: who may see the list at all; columns: headings, in order;
    word_columns: further ones that hold what people wrote, only in files that a colleague agreed to.

    filters: names of what narrows the list on its page. told(actor, filters): the filters in words. ids(actor, filters, at,
    most): ids of at most `most` rows, in the order of the list. rows(actor, ids, with_words): one list of values for each
    id that is in sight, in that order.
    """

    key: str
    title: str
    permission: str
    columns: tuple[str, ...]
    word_columns: tuple[str, ...]
    filters: tuple[str, ...]
    told: Callable[[Actor, Filters], str]
    ids: Callable[[Actor, Filters, datetime, int], list[int]]
    rows: Callable[[Actor, Sequence[int], bool], list[list[Any]]]

    def headings(self, *, with_words: bool) -> list[str]:
        """The first line of the file."""
        return [*self.columns, *(self.word_columns if with_words else ())]


# What a notice says to whoever gets it is worded in apps.py.
