"""The command line and the bench speak JSON."""

import io
import json
import os
import subprocess
import sys

import pytest

from qingting.screening import bench, cli
from qingting.screening.cli import answers

ROW = {"id": "1", "text": "我不想活了", "expect": "suicide_ideation", "expect_level": "紧急", "phenomenon": "plain"}


def test_one_answer_per_line_with_chinese_levels():
    lines = ['{"id": "1", "text": "今晚我就跳楼"}', "", '{"id": "2", "text": "你好"}']
    first, second = answers(lines)
    assert first["id"] == "1"
    assert first["level"] == "特急"
    assert "suicide_plan_24h" in first["types"]
    assert first["signs"][0]["words"]
    assert second == {"id": "2", "score": second["score"], "alert": False, "types": [], "level": "无", "signs": []}


@pytest.mark.parametrize("line", ["no json", "[]", '{"id": "1"}', "3"])
def test_a_line_that_is_no_row_is_named(monkeypatch, capsys, line):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(f"{json.dumps(ROW)}\n{line}\n".encode())))
    assert cli.main([]) == 2
    said = capsys.readouterr()
    assert json.loads(said.out)["alert"]
    assert "line 2" in said.err


def test_the_command_needs_neither_database_nor_settings(tmp_path):
    """As in a fresh copy of the code, before anything ran: no database to reach, and no keys are made."""
    nowhere = {**os.environ, "QINGTING_VAR": str(tmp_path), "DATABASE_URL": "postgresql://127.0.0.1:1/none"}
    asked = [sys.executable, "-m", "launcher", "command", "screen"]
    done = subprocess.run(asked, env=nowhere, input=json.dumps(ROW), capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["types"] == ["suicide_ideation"]
    assert not list(tmp_path.iterdir())


def test_the_bench_prints_what_it_measured(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(bench, "ROUNDS", 20)
    calm = {**ROW, "id": "2", "text": "你好", "expect": "none", "expect_level": "无"}
    (tmp_path / "behaviour_x.jsonl").write_text("\n".join(map(json.dumps, (ROW, calm))), encoding="utf-8")
    posts = [{**ROW, "risk": 1}, {**calm, "risk": 0}]
    (tmp_path / "psysuicide_x.jsonl").write_text("\n".join(map(json.dumps, posts)), encoding="utf-8")
    assert bench.main(["--data", str(tmp_path)]) == 0
    measured = json.loads(capsys.readouterr().out)
    assert measured["throughput"]["per_second"] > 0
    assert measured["scores"]["behaviour_x.jsonl"]["recall"] == 1.0
    assert measured["scores"]["behaviour_x.jsonl"]["phenomena"]["plain"]["false_alerts"] == 0.0
    assert measured["scores"]["psysuicide_x.jsonl"]["risk"]["average_precision"] == 1.0


def test_a_folder_that_is_not_there_is_said(capsys):
    assert bench.main(["--data", "/nowhere"]) == 2
    assert "/nowhere" in capsys.readouterr().err


def test_average_precision_takes_equal_scores_together():
    truth, score = bench.np.array([False, True, True, False]), bench.np.array([0.5, 0.5, 0.9, 0.1])
    assert bench.average_precision(truth, score) == pytest.approx(0.5 * 1 + 0.5 * 2 / 3)
