"""Every table that leaves as CSV goes through the one guard against cells that compute."""

from pathlib import Path

SOURCES = Path(__file__).parents[2] / "src"
GUARD = SOURCES / "qingting" / "core" / "csv_files.py"


def test_only_the_guard_writes_csv():
    writers = [
        str(path.relative_to(SOURCES))
        for path in SOURCES.rglob("*.py")
        if path != GUARD and any(word in path.read_text("utf-8") for word in ("csv.writer", "csv.DictWriter"))
    ]
    assert not writers, "core.csv_files.as_csv writes tables"
