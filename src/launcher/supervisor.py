"""Starts services in order, keeps them running, stops them all.

One thread and one loop: it reads what the services write, notices who ended, starts again what crashed, and
acts on signals. Ctrl-C and SIGTERM stop everything in order; a second one does not wait. When the supervisor
itself is killed, the `watchman` stops the services.
"""

from __future__ import annotations

import os
import selectors
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from launcher.children import Child
from launcher.errors import LaunchError
from launcher.logs import ServiceLog
from launcher.services import Service, Task
from launcher.watchman import Watchman

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
TURN_SECONDS = 0.1
ORPHAN_SECONDS = 3.0  # between asking and killing, when the supervisor itself is gone
ATTEMPTS = 3  # crashes before the first readiness that end the start


class Supervisor:
    """Runs a list of services and tasks until it is told to stop."""

    def __init__(self, plans: Sequence[Service | Task], *, log_folder: Path, screen: bool = False) -> None:
        width = max(len(plan.name) for plan in plans)
        self._watchman = Watchman(patience=ORPHAN_SECONDS)
        logs = [ServiceLog(log_folder, plan.name, width=width, hide=_hiding(plan)) for plan in plans]
        self.children = [Child(plan, log, self._watchman) for plan, log in zip(plans, logs, strict=True)]
        self._screen = screen
        self._selector = selectors.DefaultSelector()
        self._running: list[Child] = []
        self._stops = 0
        self._starting: Child | None = None
        self._ready = False
        self.on_change: Callable[[dict[str, int], bool], None] = lambda _pids, _ready: None

    def run(self, when_ready: Callable[[], None]) -> None:
        """Start everything, call `when_ready`, and stay until a signal; returns when everything is stopped.

        Raises `LaunchError` where something cannot be started.
        """
        with self._listening():
            try:
                for child in self.children:
                    self._bring_up(child)
                self._starting = None
                if not self._told_to_stop():
                    self._ready = True
                    self._tell()
                    when_ready()
                while not self._told_to_stop():
                    self._turn()
            finally:
                self._stop_all()
                self._watchman.dismiss()

    def pids(self) -> dict[str, int]:
        return {child.name: child.process.pid for child in self._running if child.process}

    def _bring_up(self, child: Child) -> None:
        """Start one and wait until it is ready (a task: until it is done), unless told to stop."""
        if self._told_to_stop():
            return
        self._starting = child
        self._running.append(child)
        self._start(child)
        patience = child.plan.ready_seconds if isinstance(child.plan, Service) else float("inf")
        deadline = time.monotonic() + patience
        while not (self._told_to_stop() or self._is_up(child)):
            if child.crashes >= ATTEMPTS or time.monotonic() > deadline:
                raise self._failure(child)
            self._turn()

    def _is_up(self, child: Child) -> bool:
        if isinstance(child.plan, Task):
            return child not in self._running
        return child.process is not None and child.exit_code() is None and child.plan.ready()

    def _turn(self) -> None:
        """Read what is there to read, then look after everybody once."""
        self._read(TURN_SECONDS)
        for child in list(self._running):
            code = child.exit_code()
            if code is not None:
                self._ended(child, code)
            elif child.hangs():
                self._say(f"{child.name} 没有反应，强制结束后重新启动。{child.name} hangs and is killed.")
                child.kill()
            elif child.is_due():
                self._start(child)

    def _start(self, child: Child) -> None:
        child.start()
        self._selector.register(child.pipe, selectors.EVENT_READ, child)
        self._tell()

    def _ended(self, child: Child, code: int) -> None:
        self._drain(child)
        if isinstance(child.plan, Task):
            if code != 0:
                raise self._failure(child)
            self._running.remove(child)
            return
        pause = child.plan_restart()
        self._say(f"{child.name} 意外退出，重新启动。{child.name} ended ({_cause(code)}); again in {pause:.1f} s.")

    def _failure(self, child: Child) -> LaunchError:
        last = "\n".join(f"    {line}" for line in child.log.last_lines(12))
        return LaunchError(
            f"{child.name} 无法启动。{child.name} did not start. It said last:\n{last}",
            do_next=f"See {child.log.path}",
        )

    def _read(self, seconds: float) -> None:
        for key, _ in self._selector.select(seconds):
            if isinstance(key.data, Child):
                self._take(key.data)
            else:
                os.read(key.fd, 4096)

    def _take(self, child: Child) -> bool:
        """One read; whether there may be more."""
        try:
            chunk = os.read(child.pipe, 65536)
        except BlockingIOError:
            return False
        child.log.write(chunk, screen=self._screen or child is self._starting)
        if not chunk:
            self._selector.unregister(child.pipe)
        return bool(chunk)

    def _drain(self, child: Child) -> None:
        """Take the last words of a process that has ended, and let go of its pipe."""
        while self._listens_to(child) and self._take(child):
            pass
        if self._listens_to(child):
            self._selector.unregister(child.pipe)
        child.let_go()

    def _listens_to(self, child: Child) -> bool:
        return child.pipe >= 0 and child.pipe in self._selector.get_map()

    def _stop_all(self) -> None:
        """First what stands on a foundation, together; then the foundations."""
        waves: list[list[Child]] = [[], []]
        for child in self._running:
            waves[isinstance(child.plan, Service) and child.plan.foundation].append(child)
        for wave in waves:
            self._stop(wave)
        for child in self.children:
            child.log.close()
        self._running.clear()
        self._ready = False
        self._tell()

    def _stop(self, wave: list[Child]) -> None:
        alive = [child for child in wave if child.exit_code() is None and child.process]
        for child in alive:
            child.ask_to_stop()
        asked = time.monotonic()
        while alive:
            self._read(TURN_SECONDS)
            alive = [child for child in alive if child.exit_code() is None]
            for child in alive:
                if self._stops > 1 or time.monotonic() - asked > child.stop_seconds:
                    self._say(f"{child.name} 没有按时停止。{child.name} did not stop in time and is killed.")
                    child.kill()
        for child in wave:
            self._drain(child)

    @contextmanager
    def _listening(self) -> Iterator[None]:
        """Turn signals, and the end of a child, into something the loop wakes up for."""
        read, write = os.pipe()
        for end in (read, write):
            os.set_blocking(end, False)
        self._selector.register(read, selectors.EVENT_READ)
        earlier_pipe = signal.set_wakeup_fd(write, warn_on_full_buffer=False)
        earlier = {sign: signal.signal(sign, self._asked_to_stop) for sign in STOP_SIGNALS}
        earlier[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda _sign, _frame: None)
        try:
            yield
        finally:
            signal.set_wakeup_fd(earlier_pipe)
            for sign, handler in earlier.items():
                signal.signal(sign, handler)
            self._selector.close()
            os.close(read)
            os.close(write)

    def _told_to_stop(self) -> bool:
        return self._stops > 0

    def _asked_to_stop(self, _sign: int, _frame: FrameType | None) -> None:
        self._stops += 1

    def _tell(self) -> None:
        self.on_change(self.pids(), self._ready)

    def _say(self, message: str) -> None:
        print(f"· {message}", flush=True)


def _hiding(plan: Service | Task) -> Callable[[str], str]:
    return plan.hide if isinstance(plan, Service) else str


def _cause(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"
