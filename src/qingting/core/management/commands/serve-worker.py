"""The worker: every loop that settings.WORKER_LOOPS names, in one process. A second one may run beside it."""

import signal
import threading

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.module_loading import import_string

from qingting.core.loops import Loop, run_loops


class Command(BaseCommand):
    help = "Run the loops: clocks, waiting line, outbox, sealing, statistics."

    def handle(self, *args: object, **options: object) -> None:
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        loops = [Loop(name, import_string(step), every, beats) for name, step, every, beats in settings.WORKER_LOOPS]
        run_loops(loops, stop)
