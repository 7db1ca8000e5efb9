"""Rows of one's own, such as confirmed corrections, are learnt from beside the project's."""

import pytest

from qingting.screening import train
from qingting.screening.corpus import BY_HAND, NotTraining, by_hand, rows_of


@pytest.fixture
def file(tmp_path):
    return tmp_path / "corrections.jsonl"


def test_a_row_weighs_as_much_as_one_written_for_the_project(file):
    file.write_text(
        '{"text": "要去喂月亮了", "type": "suicide_ideation", "level": "URGENT"}\n\n'
        '{"text": "喂月亮是童话", "type": null, "level": null}\n',
        "utf-8",
    )
    danger, calm = rows_of(file)
    assert (danger.type, danger.level, danger.weight) == ("suicide_ideation", "URGENT", BY_HAND)
    assert calm.type is None


@pytest.mark.parametrize(
    "line", ["no json", '{"text": "少了两项"}', '{"text": "x", "type": "nothing", "level": "URGENT"}',
             '{"text": "x", "type": "drugs", "level": null}', '{"text": "", "type": null, "level": null}']
)  # fmt: skip
def test_a_line_that_is_no_row_is_named_and_nothing_is_trained(file, line, capsys):
    file.write_text(line + "\n", "utf-8")
    with pytest.raises(NotTraining, match="line 1"):
        rows_of(file)
    assert train.main(["--also", str(file)]) == 2
    assert "line 1" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_named(tmp_path, capsys):
    assert train.main(["--also", str(tmp_path / "nothing.jsonl")]) == 2
    assert "nothing.jsonl" in capsys.readouterr().err


def test_what_is_added_reaches_the_models(file, monkeypatch):
    file.write_text('{"text": "要去喂月亮了", "type": "suicide_ideation", "level": "URGENT"}\n', "utf-8")
    learnt: list[str] = []

    class Enough(Exception):
        """The rows are known; training itself is tried elsewhere."""

    def note(rows):
        learnt.extend(row.text for row in rows)
        raise Enough

    monkeypatch.setattr(train, "examples", lambda: by_hand()[:2])
    monkeypatch.setattr(train, "taught", note)
    with pytest.raises(Enough):
        train.main(["--also", str(file)])
    assert learnt[-1] == "要去喂月亮了"
