"""Questions for a caller who says nothing or can't speak: played to everybody in the call, answered by keys."""

import asyncio
import logging

from qingting.core import time
from qingting.telephony import services
from qingting.telephony.ari.client import AriRefused, AriUnreachable
from qingting.telephony.ari.floor import Floor
from qingting.telephony.ari.live import Finish, LiveCall
from qingting.telephony.models import CallAct
from qingting.telephony.states import KEYS, Outcome, Question

log = logging.getLogger(__name__)

TIMES = 2  # somebody in trouble may miss it the first time
FOR_A_KEY = 7.0  # seconds after a question until it is played again, or counts as not answered
AFTER_GOODBYE = 2.0  # seconds in which a key still keeps the call

PROMPTS = {
    Question.CANT_SPEAK: "silent-hello",
    Question.DANGER: "silent-danger",
    Question.BESIDE: "silent-beside",
    Question.HURT: "silent-hurt",
    Question.POLICE: "silent-police",
    Question.TEXT: "silent-text",
}


async def ask_keys(floor: Floor, live: LiveCall, act: CallAct) -> str:
    """Play a question; the answer comes by itself. Another question takes the place of one that still plays."""
    if problem := _why_not(live):
        return problem
    words = {"call_id": live.id, "question": act.question, "account_id": act.account_id, "at": time.now()}
    question = await floor.records.answered(services.begin_question, **words)
    stop_asking(live)
    live.question = question
    live.asking = floor.spawn(_ask(floor, live, question, PROMPTS[Question(act.question)]))
    return ""


async def end_silent(floor: Floor, live: LiveCall, act: CallAct) -> str:
    """Say goodbye kindly, and hang up, unless a key is pressed meanwhile."""
    if problem := _why_not(live):
        return problem
    if live.goes_on_without_seat():
        return "通话里还有别人，请直接挂断或退出。"
    stop_asking(live)
    live.asking = floor.spawn(_say_goodbye(floor, live))
    return ""


def take_key(floor: Floor, live: LiveCall, digit: str) -> None:
    """A key of a caller who was asked something: the prompt falls silent, and nobody hangs up on them."""
    if live.question and digit in KEYS:
        question, live.question = live.question, 0
        stop_asking(live)
        floor.note(live, services.answer_question, question_id=question, digit=digit)


def stop_asking(live: LiveCall) -> None:
    if live.asking is not None:
        live.asking.cancel()
        live.asking = None


def _why_not(live: LiveCall) -> str:
    if live.seat is None:
        return "坐席现在不在通话里。"
    return "来电人在听音乐，请先恢复通话。" if live.held else ""


async def _ask(floor: Floor, live: LiveCall, question: int, prompt: str) -> None:
    for _ in range(TIMES):
        await _announce(floor, live, prompt)
        await asyncio.sleep(FOR_A_KEY)
    floor.note(live, services.note_no_key, question_id=question)


async def _say_goodbye(floor: Floor, live: LiveCall) -> None:
    await _announce(floor, live, "silent-goodbye")
    await asyncio.sleep(AFTER_GOODBYE)
    live.inbox.put_nowait(Finish(Outcome.SILENT))


async def _announce(floor: Floor, live: LiveCall, prompt: str) -> None:
    """A prompt that can't be played is waited for like one that was: the counsellor is there, and the keys are heard."""
    try:
        await floor.bridges.announce(live.bridge, [prompt], language=live.language)
    except (AriRefused, AriUnreachable) as error:
        log.warning("a question was not played: %s", type(error).__name__)
