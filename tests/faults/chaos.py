"""Killing parts of the platform at random moments while something else goes on."""

import random
import threading
from collections import Counter
from collections.abc import Sequence
from typing import Self

from tests.platform import Platform

PARTS = ("web", "worker", "database", "desk")


class Chaos:
    """`with Chaos(platform, seed=7):` kills one part after another until the block ends, and each at least once.

    A part is killed only when all are well again, and have been for up to `calm` seconds: two that are down at once would
    only make it slower, not harder.
    """

    def __init__(
        self, platform: Platform, *, seed: int, least: int = 1, parts: Sequence[str] = PARTS, calm: float = 1.2
    ) -> None:
        self._platform, self._least, self._parts, self._calm = platform, least, parts, calm
        self._random = random.Random(seed)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._rage)
        self.killed: Counter[str] = Counter()
        self.failed: BaseException | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        if self.failed is not None:
            raise self.failed
        self._platform.wait_healthy()

    @property
    def has_struck(self) -> bool:
        """Whether every part was killed often enough."""
        return self.failed is not None or all(self.killed[part] >= self._least for part in self._parts)

    def _rage(self) -> None:
        try:
            while not self._over.is_set() or not self.has_struck:
                self._strike()
        except BaseException as reason:  # noqa: BLE001  (handed on to the test)
            self.failed = reason

    def _strike(self) -> None:
        self._platform.wait_healthy()
        self._over.wait(self._random.uniform(0.05, self._calm))  # a random moment: that is the point
        rare = sorted(self._parts, key=lambda part: (self.killed[part], self._random.random()))
        part = rare[0] if self._random.random() < 0.7 else self._random.choice(self._parts)
        self._platform.kill(part)
        self.killed[part] += 1
