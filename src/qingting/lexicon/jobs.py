"""What the worker does for the lexicon."""

from datetime import datetime

from qingting.lexicon import services


def measure(*, at: datetime) -> int:
    """One batch of a version's evaluation. Returns how many texts were read."""
    return services.measure_step(at=at)
