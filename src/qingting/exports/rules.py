"""Files for spreadsheets, pure: a workbook of two sheets, and what a cell may hold (`core.csv_files`).

A text that a spreadsheet would take for a formula stays a text: in a workbook as an inline string
(ECMA-376 part 1, 18.18.11 `inlineStr`), which is never computed.
"""

import io
import zipfile
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

from qingting.core.csv_files import Row, as_csv, plain

__all__ = ["as_csv", "as_xlsx", "plain"]


def as_xlsx(title: str, headings: Row, rows: Sequence[Row], notes: Sequence[tuple[str, str]]) -> bytes:
    """A workbook: the list with a frozen first line, and a sheet that says whence it is (`notes`: what, its value)."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in _FRAME.items():
            book.writestr(name, text)
        book.writestr("xl/workbook.xml", _WORKBOOK.format(title=escape(title[:31], {'"': "&quot;"})))
        book.writestr("xl/worksheets/sheet1.xml", _sheet([headings, *rows], frozen=True))
        book.writestr("xl/worksheets/sheet2.xml", _sheet(notes, frozen=False))
    return packed.getvalue()


def _sheet(rows: Sequence[Row], *, frozen: bool) -> str:
    lines = "".join(
        f'<row r="{at}">{"".join(_cell(value, heading=frozen and at == 1) for value in row)}</row>'
        for at, row in enumerate(rows, start=1)
    )
    view = f'<sheetViews><sheetView workbookViewId="0">{_PANE}</sheetView></sheetViews>' if frozen else ""
    widths = f'<cols><col min="1" max="{max(1, len(rows[0]) if rows else 1)}" width="18" customWidth="1"/></cols>'
    return f'{_HEAD}<worksheet xmlns="{_MAIN}">{view}{widths}<sheetData>{lines}</sheetData></worksheet>'


def _cell(value: Any, *, heading: bool) -> str:
    cell, style = plain(value), ' s="1"' if heading else ""
    if isinstance(cell, int | float | Decimal):
        return f"<c{style}><v>{cell}</v></c>"
    return f'<c t="inlineStr"{style}><is><t xml:space="preserve">{escape(cell)}</t></is></c>'


_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PANE = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
_WORKBOOK = (
    f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="{{title}}" sheetId="1" r:id="rId1"/>'
    '<sheet name="说明" sheetId="2" r:id="rId2"/></sheets></workbook>'
)
_FRAME = {
    "[Content_Types].xml": (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet2.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_OFFICE}/worksheet" Target="worksheets/sheet2.xml"/>'
        f'<Relationship Id="rId3" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
    ),
    "xl/styles.xml": (
        f'{_HEAD}<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/></font><font><b/><sz val="11"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
        '<cellXfs count="2"><xf xfId="0"/><xf xfId="0" fontId="1" applyFont="1"/></cellXfs></styleSheet>'
    ),
}
