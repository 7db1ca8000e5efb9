"""Noticing that a service hangs: it says that it lives, in the manner of systemd's watchdog, and falls silent when it does not.

A stopped or hanging process keeps its ports and locks and answers nobody, so nothing takes its place before it is killed.
The same words (`WATCHDOG=1` to `NOTIFY_SOCKET`) are heard by systemd in production.
"""

from __future__ import annotations

import secrets
import socket
import sys
import time


class Pulse:
    """The supervisor's end: one socket a process. Until the first sign of life there is nothing to miss."""

    def __init__(self, seconds: float) -> None:
        """`seconds` without a sign of life are too many; 0, and every system but Linux: nobody listens."""
        self._seconds = seconds
        self._heard_at = 0.0
        self._socket: socket.socket | None = None
        if seconds and sys.platform == "linux":
            self._name = f"qingting-{secrets.token_hex(12)}"
            self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
            self._socket.bind(f"\0{self._name}")  # an abstract name: no file to leave behind

    @property
    def environment(self) -> dict[str, str]:
        """What the process is told, so that it speaks."""
        return {"NOTIFY_SOCKET": f"@{self._name}"} if self._socket else {}

    def is_missed(self) -> bool:
        """Whether somebody who has spoken before has been silent for too long."""
        if self._socket is None:
            return False
        try:
            while self._socket.recv(256):
                self._heard_at = time.monotonic()
        except BlockingIOError:
            pass
        return 0 < self._heard_at < time.monotonic() - self._seconds

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None
