"""Saying that this process lives, to whoever started it: systemd's watchdog, or the launcher, which speaks the same way."""

import asyncio
import contextlib
import os
import socket

EVERY = 1.0  # seconds


async def keep_pulse() -> None:
    """Say it as long as the loop turns, and so not while it hangs. Where nobody asked (`NOTIFY_SOCKET`), say nothing."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as mouth:
        while True:
            with contextlib.suppress(OSError):
                mouth.sendto(b"WATCHDOG=1", f"\0{address[1:]}" if address.startswith("@") else address)
            await asyncio.sleep(EVERY)
