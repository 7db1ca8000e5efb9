"""One running service or task: its process, its pipe, its next start after a crash."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

from launcher import processes
from launcher.logs import ServiceLog
from launcher.pulse import Pulse
from launcher.services import Service, Task
from launcher.watchman import Watchman, signal_group

FIRST_PAUSE = 0.1  # seconds before the first restart; doubled with each crash
LONGEST_PAUSE = 10.0
STEADY_SECONDS = 10.0  # so long alive, a service's next crash counts as its first


class Child:
    """A service or task and, while it runs, its process and the pipe it writes to."""

    def __init__(self, plan: Service | Task, log: ServiceLog, watchman: Watchman) -> None:
        self.plan = plan
        self.log = log
        self.crashes = 0
        self.next_start = 0.0
        self.process: subprocess.Popen[bytes] | None = None
        self.pipe = -1
        self._watchman = watchman
        self._started = 0.0
        self._pulse = Pulse(0)

    @property
    def name(self) -> str:
        return self.plan.name

    @property
    def stop_signal(self) -> signal.Signals:
        return self.plan.stop_signal if isinstance(self.plan, Service) else signal.SIGTERM

    @property
    def stop_seconds(self) -> float:
        return self.plan.stop_seconds if isinstance(self.plan, Service) else 5.0

    def start(self) -> None:
        """Start the process, in a group of its own."""
        if self.crashes and isinstance(self.plan, Service):
            self.plan.clear()
        self.pipe, writing_end = os.pipe()
        os.set_blocking(self.pipe, False)
        self._pulse.close()
        self._pulse = Pulse(self.plan.silent_seconds if isinstance(self.plan, Service) else 0)
        identity = self.plan.identity if isinstance(self.plan, Service) else {}
        self.process = subprocess.Popen(
            self.plan.command,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=writing_end,
            stderr=writing_end,
            cwd=Path("/") if identity else None,
            start_new_session=True,
            preexec_fn=processes.die_with_parent(self.stop_signal),  # noqa: PLW1509  (the supervisor has one thread)
            **identity,
        )
        os.close(writing_end)
        self._started = time.monotonic()
        self._watchman.started(self.process.pid, self.stop_signal)

    def _environment(self) -> dict[str, str] | None:
        given, more = self.plan.environment, self._pulse.environment
        if given is None and not more:
            return None
        return {**(os.environ if given is None else given), **more}

    def hangs(self) -> bool:
        """Whether it runs, and has stopped saying so."""
        return self.process is not None and self._pulse.is_missed()

    def exit_code(self) -> int | None:
        """None while it runs. Noticing the end also ends whatever it left behind in its group."""
        if self.process is None:
            return None
        code = self.process.poll()
        if code is not None:
            signal_group(self.process.pid, signal.SIGKILL)
            self._watchman.ended(self.process.pid)
        return code

    def plan_restart(self) -> float:
        """After a crash: decide when to start again, and say in how many seconds."""
        self.process = None
        if time.monotonic() - self._started > STEADY_SECONDS:
            self.crashes = 0
        pause: float = min(FIRST_PAUSE * 2**self.crashes, LONGEST_PAUSE)
        self.crashes += 1
        self.next_start = time.monotonic() + pause
        return pause

    def is_due(self) -> bool:
        return self.process is None and time.monotonic() >= self.next_start

    def ask_to_stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(self.stop_signal)

    def let_go(self) -> None:
        """Close the pipe of a process that has ended."""
        if self.pipe >= 0:
            os.close(self.pipe)
            self.pipe = -1

    def kill(self) -> None:
        if self.process is not None:
            signal_group(self.process.pid, signal.SIGKILL)
