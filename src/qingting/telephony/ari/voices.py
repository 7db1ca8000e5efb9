"""Each voice of a call is recorded by itself, from when others in the call hear it until they no longer do.

Whoever only listens is not recorded, for nobody hears them either. The caller's side of a call that comes in is the
dialplan's to record, also while no controller is there. Without a recording people talk all the same.
"""

import logging

from qingting.core import time
from qingting.telephony.ari.client import AriRefused, AriUnreachable
from qingting.telephony.ari.floor import Floor
from qingting.telephony.ari.live import LiveCall
from qingting.telephony.services import Party
from qingting.telephony.states import LegMode

log = logging.getLogger(__name__)


async def record_voice(floor: Floor, live: LiveCall, party: Party) -> None:
    """Begin with somebody who may speak now. The name of the file says whose voice it is and from when: a controller that
    comes after us finds there what it needs."""
    if party.mode == LegMode.LISTEN:
        return
    began = int(time.now().timestamp() * 1000)
    name = f"call-{live.caller}-voice-{began}-{party.mode.lower()}-{party.channel}"
    try:
        await floor.bridges.record_speech(party.channel, name, ear_of=party.channel)
    except (AriRefused, AriUnreachable, TimeoutError) as error:
        log.warning("one voice of a call is not recorded: %s", type(error).__name__)


async def follow_mode(floor: Floor, live: LiveCall, party: Party) -> None:
    """Somebody may speak, only listen, or only whisper from now on: what was recorded until now is closed."""
    try:
        await floor.bridges.end_ears(party.channel)
    except (AriRefused, AriUnreachable) as error:
        log.warning("a recording goes on too long: %s", type(error).__name__)
    await record_voice(floor, live, party)
