"""Identifiers made by the application: 64 bit, sortable by time, unique without asking the database."""

import os
import threading
import time

_EPOCH_MS = 1_704_067_200_000  # 2024-01-01T00:00:00Z
_NODE_BITS, _SEQUENCE_BITS = 10, 12
_SEQUENCE_MASK = (1 << _SEQUENCE_BITS) - 1


class _Generator:
    """41 bits of milliseconds, 10 bits of node, 12 bits of sequence."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seed()
        os.register_at_fork(after_in_child=self._seed)

    def _seed(self) -> None:
        self._lock = threading.Lock()
        self._node = int.from_bytes(os.urandom(2), "big") & ((1 << _NODE_BITS) - 1)
        self._last_ms = 0
        self._sequence = int.from_bytes(os.urandom(2), "big") & (_SEQUENCE_MASK >> 1)

    def next(self) -> int:
        with self._lock:
            now_ms = max(time.time_ns() // 1_000_000 - _EPOCH_MS, self._last_ms)
            if now_ms != self._last_ms:
                self._last_ms = now_ms
                self._sequence = int.from_bytes(os.urandom(1), "big")
            elif self._sequence == _SEQUENCE_MASK:
                self._last_ms, self._sequence = now_ms + 1, 0
            else:
                self._sequence += 1
            return (self._last_ms << (_NODE_BITS + _SEQUENCE_BITS)) | (self._node << _SEQUENCE_BITS) | self._sequence


_generator = _Generator()


def new_id() -> int:
    """A fresh positive 63-bit id. Ids of one process only grow; ids of two processes sort by millisecond."""
    return _generator.next()
