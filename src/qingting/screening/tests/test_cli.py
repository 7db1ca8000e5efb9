"""The command line and the bench speak JSON."""

import json

from qingting.screening import bench
from qingting.screening.cli import answers


def test_one_answer_per_line_with_chinese_levels():
    lines = ['{"id": "1", "text": "今晚我就跳楼"}', "", '{"id": "2", "text": "你好"}']
    first, second = answers(lines)
    assert first["id"] == "1"
    assert first["level"] == "特急"
    assert "suicide_plan_24h" in first["types"]
    assert first["signs"][0]["words"]
    assert second == {"id": "2", "score": second["score"], "alert": False, "types": [], "level": "无", "signs": []}


def test_bench_prints_what_it_measured(tmp_path, capsys):
    row = {"id": "1", "text": "我不想活了", "expect": "suicide_ideation", "expect_level": "紧急", "phenomenon": "plain"}
    (tmp_path / "behaviour_x.jsonl").write_text(json.dumps(row), encoding="utf-8")
    measured = bench.bench(tmp_path, messages=20)
    assert json.loads(capsys.readouterr().out) == measured
    assert measured["scores"]["behaviour_x.jsonl"]["recall"] == 1.0
