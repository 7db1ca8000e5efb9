"""The first seconds of a call: may it come in, the notice, the greeting, one optional key."""

import asyncio
import logging
from datetime import datetime

from qingting.core import time
from qingting.telephony import rules
from qingting.telephony.ari.client import AriRefused
from qingting.telephony.ari.floor import Floor
from qingting.telephony.ari.live import Gone, LiveCall, Pressed
from qingting.telephony.models import Line

log = logging.getLogger(__name__)

KEY_SECONDS = 1.5  # after the last word, for whoever still wants to press a key


class CallerLeft(Exception):
    """The caller hung up."""


async def greet(floor: Floor, live: LiveCall, line: Line) -> str:
    """Play the notice and the greeting; a key stops them. Returns the skill that was chosen, '' for none.

    Raises CallerLeft.
    """
    prompts = ["recording-notice", "greeting"] + (["choose-skill"] if line.asks_skill else [])
    playing = floor.spawn(_played(floor, live, prompts))
    try:
        digit = await _key_until(live, playing)
        if digit is None and line.asks_skill:
            digit = await _key_within(live, KEY_SECONDS)
    finally:
        playing.cancel()
    return rules.skill_of_digit(digit or "") or ""


async def _played(floor: Floor, live: LiveCall, prompts: list[str]) -> None:
    """A prompt that can't be played keeps nobody from being heard."""
    try:
        await floor.bridges.play(live.caller, prompts, language=live.language)
    except AriRefused as refusal:
        log.warning("a prompt was not played: %s", refusal.status)


async def _key_until(live: LiveCall, playing: "asyncio.Task[None]") -> str | None:
    while not playing.done():
        message = asyncio.ensure_future(live.inbox.get())
        await asyncio.wait({message, playing}, return_when=asyncio.FIRST_COMPLETED)
        if not message.done():
            message.cancel()
            return None
        digit = key_of(live, message.result())
        if digit:
            return digit
    return None


async def _key_within(live: LiveCall, seconds: float) -> str | None:
    try:
        async with asyncio.timeout(seconds):
            while True:
                if digit := key_of(live, await live.inbox.get()):
                    return digit
    except TimeoutError:
        return None


def key_of(live: LiveCall, message: object) -> str:
    """The key that a message is about; '' for any other. Raises CallerLeft."""
    if isinstance(message, Gone) and message.channel == live.caller:
        raise CallerLeft
    return message.digit if isinstance(message, Pressed) else ""


def is_staffed(line: Line, at: datetime) -> bool:
    """Whether people are meant to be there at this hour."""
    return rules.is_staffed(line.opens, line.closes, time.local(at).time())
