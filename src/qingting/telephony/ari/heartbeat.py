"""Telling Asterisk that callers are taken care of: its dialplan keeps them with music while nobody says so.

A controller that is stopped or hangs has not left: Asterisk still hands callers to its application, where nobody answers.
"""

import asyncio
import contextlib
from email.utils import parsedate_to_datetime

from qingting.telephony.ari.client import AriClient, AriRefused, AriUnreachable

EVERY = 2.0  # seconds; the dialplan takes seven without for a sign that nobody is there
VARIABLE = "QT_HEARD"


async def say_here(client: AriClient) -> None:
    """Write down that we are here now, by Asterisk's own clock: its machine may be another one."""
    with contextlib.suppress(AriRefused, AriUnreachable):
        now = parsedate_to_datetime(await client.date()).timestamp()
        await client.post("/asterisk/variable", variable=VARIABLE, value=int(now))


async def keep_saying(client: AriClient) -> None:
    """As long as the loop turns and the stream of events is heard."""
    while True:
        if client.heard.is_set():
            await say_here(client)
        await asyncio.sleep(EVERY)
