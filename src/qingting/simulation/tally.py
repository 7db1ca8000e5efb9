"""What happened in a simulation: how many reached each step, what was refused, how long answers took."""

import threading
from collections import Counter, defaultdict
from typing import Any

import httpx

from qingting.simulation.bench.numbers import milliseconds
from qingting.simulation.browser import RefusedError


class Tally:
    """Counts from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._reached: Counter[str] = Counter()
        self._errors: Counter[str] = Counter()
        self._seconds: defaultdict[str, list[float]] = defaultdict(list)

    def reached(self, step: str) -> None:
        """Somebody got so far."""
        with self._lock:
            self._reached[step] += 1

    def refused(self, error: RefusedError | httpx.HTTPError) -> None:
        """The platform said no, or nothing."""
        why = str(error) if isinstance(error, RefusedError) else type(error).__name__
        with self._lock:
            self._errors[why.strip()] += 1

    def measure(self, step: str, seconds: float, status: int) -> None:
        """An answer came; what `Browser` calls."""
        with self._lock:
            self._seconds[step].append(seconds)

    def count(self, step: str) -> int:
        """How many got so far."""
        with self._lock:
            return self._reached[step]

    def summary(self) -> dict[str, Any]:
        """As JSON takes it."""
        with self._lock:
            took = {step: {"answers": len(s), **milliseconds(s)} for step, s in sorted(self._seconds.items())}
            return {"reached": dict(self._reached), "errors": dict(self._errors), "milliseconds": took}
