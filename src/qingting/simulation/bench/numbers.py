"""What a measurement says in the end."""

import math
import statistics
from collections.abc import Sequence


def percentile(values: Sequence[float], share: float) -> float:
    """The value that a share (0–1) of all stay at or below; NaN for none."""
    if not values:
        return math.nan
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, math.ceil(share * len(ordered)) - 1))]


def milliseconds(seconds: Sequence[float]) -> dict[str, float]:
    """p50, p95, p99 and the slowest, in milliseconds."""
    shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "slowest": 1.0}
    return {name: round(percentile(seconds, share) * 1000, 1) for name, share in shares.items()}


def middle(values: Sequence[float]) -> float:
    """The median, to one decimal."""
    return round(statistics.median(values), 1)
