"""Command line: JSONL {"id","text"} in, JSONL {"id","score","alert","types","level","signs"} out."""

import argparse
import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

from .engine import screen
from .signs import level_label


class NotARow(ValueError):
    """A line of the input is not what it should be; the message names the line."""


def _row(number: int, line: str) -> tuple[Any, str]:
    try:
        row = json.loads(line)
        return row["id"], str(row["text"])
    except (ValueError, KeyError, TypeError) as reason:
        raise NotARow(f'line {number} is not JSON with "id" and "text": {reason!r}') from reason


def answers(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """One answer per non-empty input line; `level` is in Chinese (特急|紧急|一般|无). Raises `NotARow`."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        name, text = _row(number, line)
        result = screen(text)
        yield {
            "id": name,
            "score": round(result.score, 4),
            "alert": result.alert,
            "types": list(result.types),
            "level": level_label(result.level),
            "signs": [asdict(sign) for sign in result.signs],
        }


def main(words: Sequence[str]) -> int:
    """`screen`: read stdin to its end, write one line per row as soon as it is known; 2 when a line is no row."""
    argparse.ArgumentParser(prog="qingting screen", description=__doc__).parse_args(words)
    sys.stdin.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # whatever the machine's locale is
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    try:
        for answer in answers(sys.stdin):
            sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
            sys.stdout.flush()
    except NotARow as reason:
        sys.stderr.write(f"{reason}\n")
        return 2
    except BrokenPipeError:  # `./qingting screen | head`: nobody reads on
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0
