"""A small supervised company for the tests: `python -m launcher.tests.stage FOLDER`.

A foundation, a task, a service with a child of its own, and a stubborn one that ignores SIGTERM.
Each writes its pid into FOLDER; `ready` appears when all of it stands.
"""

from __future__ import annotations

import sys
from pathlib import Path

from launcher.services import Service, Task
from launcher.supervisor import Supervisor

PLAIN = """
import os, pathlib, signal
pathlib.Path({pid!r}).write_text(str(os.getpid()))
print("{name} speaks", flush=True)
signal.pause()
"""
PARENT = """
import os, pathlib, signal, subprocess
child = subprocess.Popen(["sleep", "1000"])
pathlib.Path({pid!r} + "-child").write_text(str(child.pid))
pathlib.Path({pid!r}).write_text(str(os.getpid()))
signal.pause()
"""
SPEAKING = """
import os, pathlib, socket, time
pathlib.Path({pid!r}).write_text(str(os.getpid()))
with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as mouth:
    while True:
        mouth.sendto(b"WATCHDOG=1", "\\0" + os.environ["NOTIFY_SOCKET"][1:])
        time.sleep(0.2)
"""
STUBBORN = """
import os, pathlib, signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
pathlib.Path({pid!r}).write_text(str(os.getpid()))
while True: signal.pause()
"""


def company(folder: Path) -> list[Service | Task]:
    def program(name: str, text: str) -> list[str]:
        return [sys.executable, "-ISc", text.format(name=name, pid=str(folder / name))]

    def stands(name: str):
        return (folder / name).exists

    note = f"import pathlib; pathlib.Path({str(folder / 'task')!r}).write_text('done')"
    return [
        Service("base", program("base", PLAIN), ready=stands("base"), foundation=True),
        Task("task", [sys.executable, "-ISc", note]),
        Service("parent", program("parent", PARENT), ready=stands("parent")),
        Service("speaking", program("speaking", SPEAKING), ready=stands("speaking"), silent_seconds=3),
        Service("stubborn", program("stubborn", STUBBORN), ready=stands("stubborn"), stop_seconds=0.3),
    ]


def main(folder: Path) -> None:
    supervisor = Supervisor(company(folder), log_folder=folder / "log")
    supervisor.run((folder / "ready").touch)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
