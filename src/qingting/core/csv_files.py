"""Tables as CSV, pure: written so that no spreadsheet computes a cell, and read as the spreadsheets here write them.

A text that a spreadsheet would take for a formula stays a text behind an apostrophe, which reading takes away again.
"""

import csv
import io
import re
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from qingting.core.errors import Unreadable
from qingting.core.incoming import whole

_BEIJING = ZoneInfo("Asia/Shanghai")
# What begins a formula or lets one begin (OWASP, CSV Injection), also in full width.
_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
LONGEST_CELL = 32_767  # of Excel
Row = Sequence[Any]


def plain(value: Any) -> str | int | float | Decimal:
    """What stands in a cell: numbers as they are, moments in Beijing, nothing as an empty text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float | Decimal):
        return value
    if isinstance(value, datetime):
        return value.astimezone(_BEIJING).strftime("%Y-%m-%d %H:%M")
    return _NOT_IN_XML.sub("", str(value))[:LONGEST_CELL]


def harmless(value: Any) -> str | int | float | Decimal:
    """The same for CSV, where an apostrophe keeps a text from being computed."""
    cell = plain(value)
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_STARTS_FORMULA) else cell


def as_csv(headings: Row, rows: Sequence[Row]) -> bytes:
    """UTF-8 with a byte order mark, as Excel in Chinese wants it; lines end in CR LF (RFC 4180)."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerows([harmless(cell) for cell in row] for row in [headings, *rows])
    return text.getvalue().encode("utf-8-sig")


def read_csv(content: bytes, *, most_rows: int) -> list[list[str]]:
    """The rows of an uploaded table, cells without outer blanks, empty lines kept as []. UTF-8, or the GB 18030 that Excel writes here; commas, or tabs.

    Raises Unreadable for what is no such text, and for more than `most_rows` rows.
    """
    text = _text_of(content)
    first = text.splitlines()[0] if text.strip() else ""
    reader = csv.reader(io.StringIO(text), delimiter="\t" if "\t" in first and "," not in first else ",")
    rows: list[list[str]] = []
    try:
        for row in reader:
            rows.append([_unarmed(cell.strip()) for cell in row])
            if len(rows) > most_rows:
                raise Unreadable(f"一次最多{most_rows}行。", code="core.csv.too-long", do_next="请分成几个文件上传。")
    except csv.Error as error:
        raise _no_table() from error
    return rows


def _text_of(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return whole(text)
    raise _no_table()


def _no_table() -> Unreadable:
    return Unreadable("这不是CSV文件。", code="core.csv.unreadable", do_next="在表格软件里选“另存为 CSV”，再上传。")


def _unarmed(cell: str) -> str:
    """What `harmless` put before the text is taken away."""
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(_STARTS_FORMULA) else cell
