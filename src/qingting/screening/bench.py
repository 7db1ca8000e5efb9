"""Measures of screening: throughput on one core, and scores over a folder of evaluation files. Prints JSON."""

import argparse
import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from .corpus import by_hand
from .engine import screen
from .signs import Screening, level_label

Row = dict[str, Any]
ROUNDS = 2000  # messages timed
USUAL_FOLDER = Path("../shared/evaluation")


@contextmanager
def _one_core() -> Iterator[None]:
    """Keep this process on one core while it is timed, where the system can."""
    if not hasattr(os, "sched_getaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def throughput(messages: int) -> dict[str, Any]:
    """Messages per second on one core, by the processor's time (other programs on it don't count), loading told apart."""
    texts = [row.text for row in by_hand()]
    texts = (texts * (messages // len(texts) + 1))[:messages]
    with _one_core():
        begun = time.process_time()
        screen(texts[0])
        loaded = time.process_time()
        for text in texts:
            screen(text)
        ended = time.process_time()
    return {
        "messages": messages,
        "characters_each": round(sum(map(len, texts)) / messages, 1),
        "startup_seconds": round(loaded - begun, 3),
        "per_second": round(messages / (ended - loaded)),
        "per_second_with_startup": round(messages / (ended - begun)),
    }


def _share(values: Iterable[bool]) -> float | None:
    values = list(values)
    return round(sum(values) / len(values), 4) if values else None


def _by(key: str, results: list[tuple[Row, Screening]]) -> dict[str, dict[str, Any]]:
    """Recall and false alerts for each value of `key`, as shares with their counts."""
    cells: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for row, found in results:
        cell, at = cells[row[key]], 0 if row["expect"] != "none" else 2
        cell[at] += 1
        cell[at + 1] += found.alert
    return {
        name: {
            **({"recall": round(hit / danger, 3), "dangers": danger} if danger else {}),
            **({"false_alerts": round(false / calm, 3), "look_alikes": calm} if calm else {}),
        }
        for name, (danger, hit, calm, false) in cells.items()
    }


def behaviour(rows: list[Row]) -> dict[str, Any]:
    """Recall, false alerts, type recall, exact level and 特急 recall over rows with expect, expect_level and phenomenon."""
    results = [(row, screen(row["text"])) for row in rows]
    danger = [(row, found) for row, found in results if row["expect"] != "none"]
    return {
        "rows": len(rows),
        "recall": _share(found.alert for _, found in danger),
        "false_alerts": _share(found.alert for row, found in results if row["expect"] == "none"),
        "type_recall": _share(
            bool({row["expect"], *row.get("also_ok", ())} & set(found.types)) for row, found in danger
        ),
        "level_exact": _share(level_label(found.level) == row["expect_level"] for row, found in danger),
        "critical_recall": _share(found.level == "CRITICAL" for row, found in danger if row["expect_level"] == "特急"),
        "phenomena": _by("phenomenon", results),
        "types": _by("expect", [(row, found) for row, found in results if row["expect"] != "none"]),
    }


def average_precision(truth: np.ndarray, score: np.ndarray) -> float:
    """Area under precision and recall, equal scores taken together so that the order of rows cannot help. 0..1."""
    order = np.argsort(-score, kind="mergesort")
    truth, score = truth[order], score[order]
    ends = np.append(np.flatnonzero(np.diff(score)), len(score) - 1)
    right = truth.cumsum()[ends]
    steps = np.diff(np.concatenate([[0], right]))
    return float((steps * right / (ends + 1)).sum() / max(1, truth.sum()))


def against(rows: list[Row], results: list[Screening], label: str) -> dict[str, Any]:
    """Recall, precision and ranking against a 0/1 field, and how far scores are from shares (mean squared error)."""
    truth = np.array([bool(row[label]) for row in rows])
    alert = np.array([found.alert for found in results])
    score = np.array([found.score for found in results])
    return {
        "recall": _share(alert[truth]),
        "precision": _share(truth[alert]),
        "average_precision": round(average_precision(truth, score), 4),
        "brier": round(float(((score - truth) ** 2).mean()), 4),
    }


def any_risk(rows: list[Row]) -> dict[str, Any]:
    """Measures against the fields `risk` (anything worth a look) and, where there is one, `suicide`."""
    results = [screen(row["text"]) for row in rows]
    labels = [label for label in ("risk", "suicide") if label in rows[0]]
    return {"rows": len(rows), **{label: against(rows, results, label) for label in labels}}


def everyday(rows: list[Row]) -> dict[str, Any]:
    """How often an alert is raised over what is taken to be harmless."""
    return {"rows": len(rows), "alerts": _share(screen(row["text"]).alert for row in rows)}


KINDS = {"behaviour": behaviour, "psysuicide": any_risk, "cold_dev_everyday": everyday}  # by how a file's name begins


def _rows(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _scores(directory: Path) -> dict[str, Any]:
    return {
        path.name: measure(_rows(path))
        for path in sorted(directory.glob("*.jsonl"))
        for kind, measure in KINDS.items()
        if path.name.startswith(kind)
    }


def bench(directory: Path | None = None) -> dict[str, Any]:
    """All measures; `directory` holds evaluation files as `evaluation/README.md` names them, and may be left out."""
    measures = {"bench": "screen", "throughput": throughput(ROUNDS)}
    if directory is not None:
        measures["data"], measures["scores"] = str(directory), _scores(directory)
    return measures


def folder(named: str | None) -> Path | None:
    """The folder asked for, else the usual one where it is there. Raises `NotADirectoryError` for one that is not."""
    if named is None:
        return USUAL_FOLDER if USUAL_FOLDER.is_dir() else None
    if not Path(named).is_dir():
        raise NotADirectoryError(f"{named} is not a folder")
    return Path(named)


def printed(measures: dict[str, Any]) -> str:
    """As JSON for reading and for programs."""
    return json.dumps(measures, ensure_ascii=False, indent=1) + "\n"


def main(words: Sequence[str]) -> int:
    """`bench screen [--data FOLDER]`: print the measures; 2 when the folder is not there."""
    parser = argparse.ArgumentParser(prog="qingting bench screen", description=__doc__)
    parser.add_argument("--data", help=f"folder of evaluation files (usually {USUAL_FOLDER}, where it is there)")
    try:
        directory = folder(parser.parse_args(words).data)
    except NotADirectoryError as reason:
        sys.stderr.write(f"{reason}\n")
        return 2
    sys.stdout.write(printed(bench(directory)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
