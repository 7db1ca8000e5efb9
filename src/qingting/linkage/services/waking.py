"""Sending at once: a thread of this process that empties the outbox as soon as something was committed.

The worker's loop does the same as a safety net, so nothing is lost when this process dies.
"""

import logging
import threading

from django.db import DatabaseError, connection

from qingting.core import time
from qingting.core.scope import EVERYTHING, acting

log = logging.getLogger(__name__)

_IDLE_SECONDS = 30.0


class _Sender:
    """Started on first use; ends when there was nothing to send for a while, and starts again with the next message."""

    def __init__(self) -> None:
        self._wanted = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def wake(self) -> None:
        """Something is in the outbox."""
        with self._lock:
            self._wanted.set()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="send-now", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        try:
            with acting(EVERYTHING):
                while self._told_to_go_on():
                    _send()
        finally:
            connection.close()

    def _told_to_go_on(self) -> bool:
        if self._wanted.wait(_IDLE_SECONDS):
            self._wanted.clear()
            return True
        with self._lock:
            if self._wanted.is_set():
                return True
            self._thread = None
            return False


def _send() -> None:
    from qingting.linkage.services.sending import send_due

    try:
        send_due(at=time.now())
    except DatabaseError as error:
        log.warning("sending at once lost the database: %s", type(error).__name__)
        connection.close()
    except Exception:
        log.exception("sending at once failed; the worker's loop will try again")


_sender = _Sender()


def send_now() -> None:
    """Wake the sender of this process. Called after commit."""
    _sender.wake()
