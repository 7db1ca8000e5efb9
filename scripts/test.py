"""Runs the checks and says plainly at the end what passed.

    .venv/bin/python scripts/test.py quick     linters, types, tests that start no platform and take no time
    .venv/bin/python scripts/test.py all       and those

Every stage runs even when an earlier one failed, so that one run tells everything. The exit code is 0 only if
all of them passed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import prerequisites

ROOT = Path(__file__).resolve().parents[1]
BIN = ROOT / ".venv" / "bin"
STYLED = ("src", "scripts", "tests")
WITHOUT_PLATFORM = "not journey and not faults and not calls"


@dataclass(frozen=True)
class Stage:
    """One command, and what it shows when it passes."""

    name: str
    command: tuple[str, ...]
    shows: str


@dataclass(frozen=True)
class Outcome:
    stage: Stage
    passed: bool
    seconds: float


def styled() -> list[str]:
    return [folder for folder in STYLED if (ROOT / folder).is_dir()]


def linters() -> list[Stage]:
    return [
        Stage("ruff", ("ruff", "check", "--quiet", *styled()), "the code keeps the house's rules"),
        Stage("format", ("ruff", "format", "--check", "--quiet", *styled()), "it is laid out by ruff format"),
        Stage("mypy", ("mypy", *[f"src/{path.name}" for path in packages()]), "types hold, strictly"),
        Stage("imports", ("lint-imports",), "no room looks ahead"),
    ]


def quick() -> list[Stage]:
    tests = pytest(f"not slow and {WITHOUT_PLATFORM}", "-n", "2")
    return [*linters(), Stage("tests", tests, "rules, services, views, without the slow ones")]


def everything() -> list[Stage]:
    return [
        *linters(),
        Stage("tests", pytest(WITHOUT_PLATFORM, "-n", "2"), "rules, services, views, wire"),
        Stage("journeys", pytest("journey"), "people's roads through real processes and browsers"),
        Stage(
            "calls",
            pytest("calls", "-n", "2", "--dist", "loadfile"),
            "real telephone calls, measured on every leg, also while parts are killed",
        ),
        Stage("faults", pytest("faults"), "killed processes lose nothing and double nothing"),
    ]


def packages() -> list[Path]:
    return sorted(path.parent for path in ROOT.glob("src/*/__init__.py"))


def pytest(marked: str, *more: str) -> tuple[str, ...]:
    return ("pytest", "-q", "-m", marked, *more)


def run(stage: Stage, environment: dict[str, str]) -> Outcome:
    print(f"\n── {stage.name}: {stage.shows}", flush=True)
    began = time.monotonic()
    program, *words = stage.command
    done = subprocess.run([BIN / program, *words], cwd=ROOT, env=environment, check=False)
    return Outcome(stage, done.returncode == 0, time.monotonic() - began)


def summary(outcomes: list[Outcome]) -> str:
    lines = [line(outcome) for outcome in outcomes]
    failed = sum(not outcome.passed for outcome in outcomes)
    verdict = "全部通过。Everything passed." if not failed else f"{failed} 项失败。{failed} failed."
    total = sum(outcome.seconds for outcome in outcomes)
    return "\n".join(["", "═" * 72, *lines, "", f"  {verdict} ({total:.0f} s)"])


def line(outcome: Outcome) -> str:
    mark = "通过 ok    " if outcome.passed else "失败 FAILED"
    return f"  {mark}  {outcome.stage.name:<9} {outcome.seconds:6.1f} s  {outcome.stage.shows}"


def main(which: str) -> int:
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    if which == "all":
        environment |= prerequisites.provide()
    stages = everything() if which == "all" else quick()
    outcomes = [run(stage, environment) for stage in stages]
    print(summary(outcomes), flush=True)
    return 0 if all(outcome.passed for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if sys.argv[1:] else "quick"))
