"""Ringing somebody: a channel is made, and only when it stands is it dialled; then it is answered or it is not."""

import asyncio
import uuid
from dataclasses import dataclass, field

from qingting.telephony.ari.client import APPLICATION, AriClient, AriRefused, Event, Watch
from qingting.telephony.places import dial_110, dial_number
from qingting.telephony.services.outbound import Reach

STAND_SECONDS = 5.0
_SAYS_NO = frozenset({"BUSY", "NOANSWER", "CHANUNAVAIL", "CONGESTION", "CANCEL", "DONTCALL", "TORTURE"})
_BUSY, _DECLINED, _NO_ANSWER = 17, 21, {18, 19}  # Q.850
_SAYS_NOTHING = {0, 16, 26}
CAUSE_SECONDS = 2.0  # so long after the dial has failed Asterisk may take to say why


class NotReached(Exception):
    """Nobody picked up; `outcome` is BUSY, DECLINED, NO_ANSWER or UNREACHABLE."""

    def __init__(self, outcome: str) -> None:
        super().__init__(outcome)
        self.outcome = outcome


@dataclass(frozen=True, slots=True)
class Ring:
    """endpoint: as Asterisk dials it; call_id and role: written on the channel; headers: for the browser that rings."""

    endpoint: str
    call_id: int
    role: str
    originator: str = ""
    account_id: int = 0
    seconds: int = 20
    headers: dict[str, str] = field(default_factory=dict)

    def variables(self) -> dict[str, str]:
        told = {f"PJSIP_HEADER(add,{name})": value for name, value in self.headers.items()}
        return {"QT_CALL": str(self.call_id), "QT_ROLE": self.role, "QT_ACCOUNT": str(self.account_id), **told}


def ring_for(reach: Reach, call_id: int, role: str, originator: str, *, seconds: int) -> Ring:
    """How somebody outside is rung; 110 by its own way, with the headers by which its desk knows the call."""
    if not reach.to_police:
        return Ring(dial_number(reach.number), call_id, role, originator, seconds=seconds)
    headers = {"X-Qingting-Call": str(call_id), "X-Qingting-Purpose": "three-way"}
    return Ring(dial_110(), call_id, role, originator, seconds=seconds, headers=headers)


async def ring(client: AriClient, what: Ring) -> str:
    """The channel of whoever picked up. Raises NotReached; cancelled, the ringing stops."""
    channel = f"{what.role}-{uuid.uuid4().hex[:16]}"
    with client.watch(channel) as watch:
        try:
            await _make(client, watch, channel, what)
            await client.post(f"/channels/{channel}/dial", caller=what.originator or None, timeout=what.seconds)
            await _until_answered(watch, what.seconds + 5)
        except asyncio.CancelledError:
            await asyncio.shield(client.remove(f"/channels/{channel}"))
            raise
        except AriRefused as refusal:
            raise NotReached("UNREACHABLE") from refusal
        except (NotReached, TimeoutError) as error:
            await client.remove(f"/channels/{channel}")
            raise error if isinstance(error, NotReached) else NotReached("NO_ANSWER") from error
    return channel


async def _make(client: AriClient, watch: Watch, channel: str, what: Ring) -> None:
    """Dialled before it stands, a channel would answer 409 now and then."""
    await client.post(
        "/channels/create",
        {"variables": what.variables()},
        endpoint=what.endpoint,
        app=APPLICATION,
        appArgs="leg",
        channelId=channel,
        originator=what.originator or None,
    )
    started = await watch.until(
        lambda event: event["type"] in ("StasisStart", "ChannelDestroyed"), seconds=STAND_SECONDS
    )
    if started["type"] == "ChannelDestroyed":
        raise NotReached("UNREACHABLE")


async def _until_answered(watch: Watch, seconds: float) -> None:
    event = await watch.until(lambda event: _is_up(event) or _is_over(event), seconds=seconds)
    if _is_over(event):
        raise NotReached(outcome_of_cause(await _cause(watch, event), event.get("dialstatus", "")))


async def _cause(watch: Watch, event: Event) -> int:
    """Why, as the end of the channel says; the dial's own end comes before and knows less."""
    if event["type"] == "Dial":
        try:
            event = await watch.until(lambda event: event["type"] == "ChannelDestroyed", seconds=CAUSE_SECONDS)
        except TimeoutError:
            return 0
    return int(event.get("cause") or 0)


def outcome_of_cause(cause: int, dialstatus: str = "") -> str:
    """BUSY, DECLINED, NO_ANSWER or UNREACHABLE, by Q.850's cause; where that says nothing, by the dial's status."""
    if cause == _BUSY or (cause in _SAYS_NOTHING and dialstatus == "BUSY"):
        return "BUSY"
    if cause == _DECLINED:
        return "DECLINED"
    if cause in _NO_ANSWER or (cause in _SAYS_NOTHING and dialstatus in ("NOANSWER", "CANCEL")):
        return "NO_ANSWER"
    return "UNREACHABLE"


def _is_up(event: Event) -> bool:
    if event["type"] == "Dial":
        return bool(event.get("dialstatus") == "ANSWER")
    return bool(event["type"] == "ChannelStateChange" and event["channel"]["state"] == "Up")


def _is_over(event: Event) -> bool:
    if event["type"] == "Dial":
        return event.get("dialstatus") in _SAYS_NO
    return bool(event["type"] == "ChannelDestroyed")
