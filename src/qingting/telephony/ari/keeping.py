"""When a call is over, its recordings leave Asterisk: fetched, encrypted, and only then removed there.

What could not be fetched now stays with Asterisk and is fetched by the next look around.
"""

import logging
import re
import time as clock
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from qingting.core import time
from qingting.core.ids import new_id
from qingting.telephony import services
from qingting.telephony.ari.client import AriRefused, AriUnreachable
from qingting.telephony.ari.floor import Floor
from qingting.telephony.selectors import call_of_channel
from qingting.telephony.services import Arrival, Sound, Voice
from qingting.telephony.states import RecordingKind

log = logging.getLogger(__name__)

_NAME = re.compile(r"^(?:call-(?P<channel>.+?)-(?:(?P<side>caller|seat)|voice-(?P<voice>.+))|message-(?P<call>\d+))$")
_VOICE = re.compile(r"^(?P<began>\d+)-(?P<way>speak|whisper)-(?P<channel>.+)$")
_AWAY = re.compile(r"^away-(?P<channel>\d+\.\d+)-(?P<dialled>\d*)-(?P<number>\d*)$")
_KINDS = {
    "caller": RecordingKind.CALLER,
    "seat": RecordingKind.SEAT,
    None: RecordingKind.MESSAGE,
}  # of a voice its leg says more
WHOLE_AFTER = 3.0  # seconds behind the end of a call until its files are surely closed
EMPTY = 1000  # bytes; a WAV file of this size holds no word


async def keep_all(floor: Floor) -> None:
    """Everything that Asterisk still holds and that belongs to calls which are over."""
    try:
        stored = await floor.client.get("/recordings/stored")
    except (AriRefused, AriUnreachable):
        return
    talking = {live.caller for live in floor.calls.values()} | _just_ended(floor)
    for recording in stored:
        if away := _AWAY.match(recording["name"]):
            await _keep_of_away(floor, recording["name"], away)
        found = _NAME.match(recording["name"])
        if found and found["channel"] not in talking and int(found["call"] or 0) not in floor.calls:
            await _keep(floor, recording["name"], found)


async def _keep_of_away(floor: Floor, name: str, found: "re.Match[str]") -> None:
    """Somebody called while there was no controller: a message, or no more than that they called."""
    channel = found["channel"]
    existing = {one["id"] for one in await floor.client.get("/channels")}
    if channel in existing:
        return  # is speaking still
    try:
        wav: bytes = await floor.client.download(f"/recordings/stored/{name}/file")
        arrival = Arrival(new_id(), settings.ASTERISK_NAME, channel, found["dialled"], found["number"])
        sound = Sound(RecordingKind.MESSAGE, wav) if len(wav) > EMPTY else None
        began = datetime.fromtimestamp(float(channel), UTC)
        words = {"arrival": arrival, "sound": sound, "began": began, "at": time.now()}
        await floor.records.answered(services.keep_of_away, **words)
        await floor.client.remove(f"/recordings/stored/{name}")
    except (AriRefused, AriUnreachable, OSError) as error:
        log.warning("a message stays with asterisk for now: %s", type(error).__name__)


def _just_ended(floor: Floor) -> set[str]:
    """Asterisk still writes what they said last; their files are not whole yet."""
    now = clock.monotonic()
    floor.ended = {channel: moment for channel, moment in floor.ended.items() if now - moment < WHOLE_AFTER}
    return set(floor.ended)


def _voice(written: str) -> Voice | None:
    """What the name of a file says of whose voice it is; None for the caller's own file and for messages."""
    found = _VOICE.match(written)
    if found is None:
        return None
    began = datetime.fromtimestamp(int(found["began"]) / 1000, UTC)
    return Voice(found["channel"], began, whispered=found["way"] == "whisper")


async def _keep(floor: Floor, name: str, found: "re.Match[str]") -> None:
    try:
        words = {"asterisk": settings.ASTERISK_NAME, "channel": found["channel"]}
        call_id = int(found["call"] or 0) or await floor.records.answered(call_of_channel, **words)
        wav: bytes = await floor.client.download(f"/recordings/stored/{name}/file")
        kept: Any = True
        if call_id and len(wav) > EMPTY:
            sound = Sound(_KINDS[found["side"]], wav, _voice(found["voice"] or ""))
            kept = await floor.records.answered(services.keep_recording, call_id=call_id, sound=sound, at=time.now())
        if kept:
            await floor.client.remove(f"/recordings/stored/{name}")
    except (AriRefused, AriUnreachable, OSError) as error:
        log.warning("a recording stays with asterisk for now: %s", type(error).__name__)
