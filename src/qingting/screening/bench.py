"""Measures: throughput on sentences of our own, and scores where an evaluation directory is given. Prints JSON."""

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from .corpus import by_hand
from .engine import screen
from .signs import level_label

Row = dict[str, Any]
ROUNDS = 2000  # messages timed


def throughput(messages: int = ROUNDS) -> dict[str, Any]:
    """Messages per second of wall time on one core, the loading of rules and models included and apart."""
    texts = [row.text for row in by_hand()]
    texts = (texts * (messages // len(texts) + 1))[:messages]
    begun = time.perf_counter()
    screen(texts[0])
    loaded = time.perf_counter()
    for text in texts:
        screen(text)
    ended = time.perf_counter()
    return {
        "messages": messages,
        "startup_seconds": round(loaded - begun, 3),
        "per_second": round(messages / (ended - loaded)),
        "per_second_with_startup": round(messages / (ended - begun)),
    }


def _share(values: Iterable[bool]) -> float | None:
    values = list(values)
    return round(sum(values) / len(values), 4) if values else None


def behaviour(rows: list[Row]) -> dict[str, Any]:
    """Recall, false alerts, type recall, exact level and 特急 recall over rows with expect, expect_level and phenomenon."""
    results = [(row, screen(row["text"])) for row in rows]
    danger = [(row, found) for row, found in results if row["expect"] != "none"]
    by_phenomenon: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for row, found in results:
        cell, at = by_phenomenon[row["phenomenon"]], 0 if row["expect"] != "none" else 2
        cell[at] += 1
        cell[at + 1] += found.alert
    return {
        "rows": len(rows),
        "recall": _share(found.alert for _, found in danger),
        "false_alerts": _share(found.alert for row, found in results if row["expect"] == "none"),
        "type_recall": _share(
            bool({row["expect"], *row.get("also_ok", ())} & set(found.types)) for row, found in danger
        ),
        "level_exact": _share(level_label(found.level) == row["expect_level"] for row, found in danger),
        "critical_recall": _share(found.level == "CRITICAL" for row, found in danger if row["expect_level"] == "特急"),
        "phenomena": {name: f"{c[1]}/{c[0]} dangers, {c[3]}/{c[2]} false" for name, c in by_phenomenon.items()},
    }


def any_risk(rows: list[Row]) -> dict[str, Any]:
    """Recall and precision against the 0/1 field `risk`."""
    alerts = [(screen(row["text"]).alert, bool(row["risk"])) for row in rows]
    return {
        "rows": len(rows),
        "recall": _share(alert for alert, risk in alerts if risk),
        "precision": _share(risk for alert, risk in alerts if alert),
    }


def _rows(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _scores(directory: Path) -> dict[str, Any]:
    scores: dict[str, Any] = {}
    for path in sorted(directory.glob("*.jsonl")):
        if path.name.startswith("behaviour"):
            scores[path.name] = behaviour(_rows(path))
        elif path.name.startswith("psysuicide"):
            scores[path.name] = any_risk(_rows(path))
        elif "everyday" in path.name:
            scores[path.name] = {"alerts": _share(screen(row["text"]).alert for row in _rows(path))}
    return scores


def bench(directory: str | Path | None = None, messages: int = ROUNDS) -> dict[str, Any]:
    """Measure, print as JSON, and give back the measures; `directory` holds evaluation files and may be left out."""
    measures = {"throughput": throughput(messages)}
    if directory is not None:
        measures["scores"] = _scores(Path(directory))
    sys.stdout.write(json.dumps(measures, ensure_ascii=False, indent=1) + "\n")
    return measures


def main() -> int:
    """`python -m qingting.screening.bench [--dir evaluation]`."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--dir")
    bench(parser.parse_args().dir)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
