"""How much a desk takes: sizes, pages, how far ahead, how often."""

import math
import threading
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Limits:
    """A receiving desk's limits; product defaults, published by its health answer."""

    max_bytes: int = 262_144
    max_page: int = 200
    max_page_bytes: int = 2_097_152
    max_ahead: int = 64
    per_second: float = 50.0
    burst: int = 200


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: datetime


@dataclass(slots=True)
class RateLimiter:
    """A token bucket per desk, in memory: a restart forgives."""

    per_second: float
    burst: int
    _buckets: dict[str, _Bucket] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self, desk: str, at: datetime) -> int:
        """Take one token; return 0, or the whole seconds to wait when there is none."""
        with self._lock:
            bucket = self._buckets.setdefault(desk, _Bucket(float(self.burst), at))
            gained = max(0.0, (at - bucket.at).total_seconds()) * self.per_second
            bucket.tokens, bucket.at = min(float(self.burst), bucket.tokens + gained), at
            if bucket.tokens >= 1:
                bucket.tokens -= 1
                return 0
            return max(1, math.ceil((1 - bucket.tokens) / self.per_second))
