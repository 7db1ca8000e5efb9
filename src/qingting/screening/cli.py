"""Command line: JSONL {"id","text"} in, JSONL {"id","score","alert","types","level","signs"} out."""

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from .engine import screen
from .signs import level_label


def answers(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """One answer per non-empty input line; `level` is in Chinese (特急|紧急|一般|无)."""
    for line in lines:
        if not line.strip():
            continue
        row = json.loads(line)
        result = screen(row["text"])
        yield {
            "id": row["id"],
            "score": round(result.score, 4),
            "alert": result.alert,
            "types": list(result.types),
            "level": level_label(result.level),
            "signs": [asdict(sign) for sign in result.signs],
        }


def main() -> int:
    """Read stdin, write stdout."""
    for answer in answers(sys.stdin):
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
    return 0
