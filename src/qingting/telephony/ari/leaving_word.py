"""Nobody is there, or the caller does not want to wait: a callback is promised, or a message taken."""

from qingting.telephony import services
from qingting.telephony.ari.client import AriRefused
from qingting.telephony.ari.floor import Floor
from qingting.telephony.ari.greeting import CallerLeft, give_notice, key_while, play
from qingting.telephony.ari.live import Gone, LiveCall
from qingting.telephony.states import Outcome

CHOICE_SECONDS = 6.0
LONGEST_MESSAGE = 180  # seconds
SILENCE_ENDS = 5  # seconds
SHORTEST = 1.0  # seconds; less is somebody who hung up at the tone


async def by_wish(floor: Floor, live: LiveCall, way: str) -> str:
    """What the caller chose while waiting."""
    await floor.bridges.no_music(live.caller)
    return await (_promise(floor, live) if way == "CALLBACK" else _message(floor, live))


async def offer_both(floor: Floor, live: LiveCall) -> str:
    """Outside staffed hours: one key for a callback; whoever presses nothing leaves a message."""
    playing = floor.spawn(_told_of_both(floor, live))
    try:
        digit = await key_while(live, playing, then=CHOICE_SECONDS)
    finally:
        playing.cancel()
    return await (_promise(floor, live) if digit == "1" else _message(floor, live))


async def _told_of_both(floor: Floor, live: LiveCall) -> None:
    await give_notice(floor, live)
    await play(floor, live, ["greeting", "nobody-here", "callback-or-message"])


async def _promise(floor: Floor, live: LiveCall) -> str:
    await floor.bridges.play(live.caller, ["callback-promised"], language=live.language)
    return Outcome.CALLBACK_WANTED


async def _message(floor: Floor, live: LiveCall) -> str:
    """Prompt, tone, recording. Whoever says nothing is called back all the same."""
    await give_notice(floor, live)
    floor.note(live, services.begin_message)
    name = f"message-{live.id}"
    await floor.bridges.play(live.caller, ["leave-word"], language=live.language)
    with floor.client.watch(name) as watch:
        await floor.client.post(
            f"/channels/{live.caller}/record",
            name=name,
            format="wav",
            maxDurationSeconds=LONGEST_MESSAGE,
            maxSilenceSeconds=SILENCE_ENDS,
            terminateOn="#",
            beep=True,
            ifExists="overwrite",
        )
        ended = await watch.until(
            lambda event: event["type"] in ("RecordingFinished", "RecordingFailed"), seconds=LONGEST_MESSAGE + 10
        )
    spoken = float(ended["recording"].get("duration") or 0)
    kept = ended["type"] == "RecordingFinished" and spoken >= SHORTEST and await _is_there(floor, name)
    await _say_goodbye(floor, live)
    return Outcome.MESSAGE_LEFT if kept else Outcome.ABANDONED


async def _is_there(floor: Floor, name: str) -> bool:
    """Asterisk may report a recording as done that has no file."""
    try:
        await floor.client.get(f"/recordings/stored/{name}")
    except AriRefused:
        return False
    return True


async def _say_goodbye(floor: Floor, live: LiveCall) -> None:
    while not live.inbox.empty():
        message = live.inbox.get_nowait()
        if isinstance(message, Gone) and message.channel == live.caller:
            return
    try:
        await floor.bridges.play(live.caller, ["thanks-bye"], language=live.language)
    except (AriRefused, CallerLeft):
        return
