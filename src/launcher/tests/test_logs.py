"""Operators find what a service said, whole lines, and the disk does not fill."""

from __future__ import annotations

import pytest

from launcher import logs
from launcher.logs import ServiceLog


@pytest.fixture
def log(tmp_path):
    log = ServiceLog(tmp_path, "web", width=6)
    yield log
    log.close()


def test_a_line_is_kept_whole_with_its_time_and_shown_with_its_name(log, capsys):
    log.write("你".encode()[:2], screen=True)
    log.write("你好\nhalf".encode()[2:], screen=True)
    assert capsys.readouterr().out == "web    │ 你好\n"
    assert log.last_lines(1)[0].endswith(" 你好")


def test_the_last_words_count_although_no_newline_ends_them(log):
    log.write(b"no newline", screen=False)
    log.write(b"", screen=False)
    assert log.last_lines(1)[0].endswith("no newline")


def test_old_files_are_kept_by_number_and_the_oldest_goes(log, tmp_path, monkeypatch):
    monkeypatch.setattr(logs, "LARGEST", 10)
    for number in range(9):
        log.write(f"line {number}\n".encode(), screen=False)
    kept = sorted(path.name for path in tmp_path.iterdir())
    assert kept == ["web.log.1", "web.log.2", "web.log.3"]
    assert "line 8" in (tmp_path / "web.log.1").read_text()
