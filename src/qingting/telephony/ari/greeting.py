"""The first words of a call: the notice, which everybody hears to its end, and a greeting, which nobody has to wait for."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from qingting.core import time
from qingting.telephony import rules, services
from qingting.telephony.ari.client import AriRefused, AriUnreachable
from qingting.telephony.ari.floor import Floor
from qingting.telephony.ari.live import Gone, LiveCall, Pressed
from qingting.telephony.models import Line

log = logging.getLogger(__name__)


class CallerLeft(Exception):
    """The caller hung up."""


@dataclass(frozen=True, slots=True)
class FirstWords:
    """What a caller hears after the notice while a seat is sought and rings already, and which keys mean something then.

    words: prompts by the language in which they are spoken, in order.
    """

    words: tuple[tuple[str, tuple[str, ...]], ...]
    asks_skill: bool = False
    languages: frozenset[str] = frozenset()

    def in_language(self, language: str) -> "FirstWords":
        """Once more from the notice on, for somebody who has chosen their language."""
        prompts = ("recording-notice", "greeting", *(("choose-skill",) if self.asks_skill else ()))
        return FirstWords(((language, prompts),), self.asks_skill)


def first_words(line: Line) -> FirstWords:
    """The line's greeting; each language that a key chooses is offered in itself."""
    own = (line.language, ("greeting", *(("choose-skill",) if line.asks_skill else ())))
    offered = tuple((language, ("choose-language",)) for language in line.languages)
    return FirstWords((own, *offered), line.asks_skill, frozenset(line.languages))


async def give_notice(floor: Floor, live: LiveCall) -> None:
    """That the call is recorded, once a call. Nobody is connected, and so nobody recorded, before it was heard."""
    if live.notice_due:
        await play(floor, live, ["recording-notice"])
        live.notice_due = False
        floor.note(live, services.note_notice)
    live.informed.set()


async def play(floor: Floor, live: LiveCall, prompts: Sequence[str], *, language: str = "") -> None:
    """A prompt that can't be played keeps nobody from being heard. `language`: where it is not the caller's."""
    try:
        await floor.bridges.play(live.caller, prompts, language=language or live.language)
    except (AriRefused, AriUnreachable) as error:
        log.warning("a prompt was not played: %s", error)


async def key_while(live: LiveCall, playing: "asyncio.Task[None]", *, then: float) -> str:
    """The first key of the caller until `playing` is over, and for `then` seconds longer; '' for none.

    Raises CallerLeft.
    """
    while True:
        message = asyncio.ensure_future(live.inbox.get())
        try:
            if not playing.done():
                await asyncio.wait({message, playing}, return_when=asyncio.FIRST_COMPLETED)
            else:
                await asyncio.wait({message}, timeout=then)
                if not message.done():
                    return ""
            if message.done() and (digit := key_of(live, message.result())):
                return digit
        finally:
            message.cancel()


def key_of(live: LiveCall, message: object) -> str:
    """The key that a message is about; '' for any other. Raises CallerLeft."""
    if isinstance(message, Gone) and message.channel == live.caller:
        raise CallerLeft
    return message.digit if isinstance(message, Pressed) else ""


def is_staffed(line: Line, at: datetime) -> bool:
    """Whether people are meant to be there at this hour."""
    return rules.is_staffed(line.opens, line.closes, time.local(at).time())
