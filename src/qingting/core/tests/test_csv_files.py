"""A table goes out so that nothing in it computes, and comes back as it was."""

from decimal import Decimal

import pytest

from qingting.core.csv_files import as_csv, read_csv
from qingting.core.errors import Unreadable

ROWS = [["名称", "电话"], ["某某社工", "+86 20 5550"], ["=HYPERLINK(1)", "“一、二”，\n三"]]


def test_what_goes_out_comes_back_and_no_cell_computes():
    written = as_csv(ROWS[0], ROWS[1:])
    assert b"'=HYPERLINK" in written
    assert b"'+86" in written
    assert read_csv(written, most_rows=10) == ROWS


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_whatever_begins_a_formula_also_in_full_width_stays_a_text(start):
    written = as_csv(["凭证"], [[f"{start}HYPERLINK(1)"]]).decode("utf-8-sig")
    assert f"'{start}HYPERLINK(1)" in written


def test_a_sum_of_money_stays_a_number_below_nothing_too():
    assert as_csv(["元"], [[Decimal("-200.00")]]).decode("utf-8-sig") == "元\r\n-200.00\r\n"


def test_what_excel_writes_here_is_read():
    assert read_csv("名称,电话\r\n某某社工,020\r\n".encode("gb18030"), most_rows=10)[1] == ["某某社工", "020"]
    assert read_csv("名称\t电话\n某某社工\t020\n".encode(), most_rows=10)[1] == ["某某社工", "020"]


@pytest.mark.parametrize("content", [b"PK\x03\x04\x00\x00\xff\xfe", b"\xff\xff\xff", b"a,b\n" * 11])
def test_what_is_no_such_table_is_refused(content):
    with pytest.raises(Unreadable):
        read_csv(content, most_rows=10)
