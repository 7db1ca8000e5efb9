"""What stands in a file: nothing that a spreadsheet would compute, and everything else as it was."""

import csv
import io
import zipfile
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest

from qingting.exports.rules import as_csv, as_xlsx

EVIL = ["=1+1", "+8613800000000", "-2", "@SUM(A1)", "\t=1", "\r=1", "＝cmd|' /C calc'!A0"]


def lines(body: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))


def cells(body: bytes, sheet: int = 1) -> list[list[str]]:
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        tree = ET.fromstring(book.read(f"xl/worksheets/sheet{sheet}.xml"))  # noqa: S314  (our own)
    return [["".join(cell.itertext()) for cell in row] for row in tree.iter() if row.tag.endswith("}row")]


@pytest.mark.parametrize("text", EVIL)
def test_what_would_be_a_formula_stays_a_text(text):
    assert lines(as_csv(["话"], [[text]]))[1] == [f"'{text}"]
    book = as_xlsx("表", ["话"], [[text]], [])
    with zipfile.ZipFile(io.BytesIO(book)) as packed:
        xml = packed.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in xml
    assert xml.count('t="inlineStr"') == 2


def test_numbers_and_moments_read_as_such():
    row = [3, 4.5, True, None, datetime(2026, 3, 4, 4, 0, tzinfo=UTC), "一、“二”\n三"]
    assert lines(as_csv(["a"] * 6, [row]))[1] == ["3", "4.5", "是", "", "2026-03-04 12:00", "一、“二”\n三"]
    assert cells(as_xlsx("表", ["a"] * 6, [row], []))[1] == ["3", "4.5", "是", "", "2026-03-04 12:00", "一、“二”\n三"]


def test_excel_in_chinese_sees_that_it_is_utf_8():
    assert as_csv(["单号"], []).startswith(b"\xef\xbb\xbf")


def test_a_workbook_says_whence_it_is_and_is_whole():
    book = as_xlsx("工单<列表>", ["单号"], [["a & b\x00"]], [("用途", "会商")])
    with zipfile.ZipFile(io.BytesIO(book)) as packed:
        assert packed.testzip() is None
        for name in packed.namelist():
            ET.fromstring(packed.read(name))  # noqa: S314  (our own)
    assert cells(book) == [["单号"], ["a & b"]]
    assert cells(book, 2) == [["用途", "会商"]]
