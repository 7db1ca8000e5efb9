"""The controller of one Asterisk. A second one for the same Asterisk waits until the first is gone."""

import asyncio
import contextlib
import signal
import sys

from django.core.management.base import BaseCommand

from qingting.telephony.ari.controller import Controller

TURN_SECONDS = 0.0005  # a thread that writes something down lets the loop, which answers callers, have its turn so soon


class Command(BaseCommand):
    help = "Answer, queue and connect telephone calls."

    def handle(self, *args: object, **options: object) -> None:
        sys.setswitchinterval(TURN_SECONDS)
        with contextlib.suppress(asyncio.CancelledError):
            asyncio.run(_run_until_told())


async def _run_until_told() -> None:
    task = asyncio.ensure_future(Controller().run())
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    await task
