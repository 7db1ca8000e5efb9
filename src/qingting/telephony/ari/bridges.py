"""Who hears whom: small steps on Asterisk's bridges and channels. Each tolerates that somebody has just hung up."""

import asyncio
import contextlib
import uuid
from collections.abc import Iterator, Sequence

from qingting.telephony.ari.client import AriClient, AriRefused

JOIN_SECONDS = 5.0
PLAY_SECONDS = 60.0
_EAR = "voice-"
_STILL = "still-"
STILL_ONES = 2


class Bridges:
    """Steps on one Asterisk."""

    def __init__(self, client: AriClient) -> None:
        self.client = client

    async def join(self, bridge: str, *channels: str) -> None:
        """Let these hear each other; the bridge is made if it is new."""
        who = ",".join(channels)
        try:
            await self.client.post(f"/bridges/{bridge}/addChannel", channel=who)
        except AriRefused as refusal:
            if refusal.status != 404:
                raise
            await self.open(bridge)
            await self.client.post(f"/bridges/{bridge}/addChannel", channel=who)

    async def open(self, bridge: str) -> None:
        """Make it; one that exists stays as it is."""
        await self.client.post(f"/bridges/{bridge}", type="mixing,dtmf_events", name=bridge)

    async def leave(self, bridge: str, channel: str) -> None:
        """Take one out; the others go on."""
        with _gone():
            await self.client.post(f"/bridges/{bridge}/removeChannel", channel=channel)

    async def close(self, bridge: str) -> None:
        await self.client.remove(f"/bridges/{bridge}")

    async def hang_up(self, channel: str) -> None:
        await self.client.remove(f"/channels/{channel}")

    async def music(self, channel: str) -> None:
        with _gone():
            await self.client.post(f"/channels/{channel}/moh", mohClass="default")

    async def no_music(self, channel: str) -> None:
        await self.client.remove(f"/channels/{channel}/moh")

    async def let_speak(self, channel: str, *, may: bool) -> None:
        """Whether what is said on this channel is heard by the others."""
        if may:
            await self.client.remove(f"/channels/{channel}/mute", direction="in")
        else:
            with _gone():
                await self.client.post(f"/channels/{channel}/mute", direction="in")

    async def remember(self, channel: str, **variables: str) -> None:
        """Write on the channel what a fresh controller needs to know of it."""
        for name, value in variables.items():
            await self.client.post(f"/channels/{channel}/variable", variable=name, value=value)

    async def overhear(self, channel: str, *, whisper: bool) -> str:
        """A second ear on a channel, and with `whisper` a mouth that only its person hears. Returns the ear's channel."""
        ear = f"ear-{uuid.uuid4().hex[:12]}"
        with self.client.watch(ear) as watch:
            said = "out" if whisper else "none"
            where = f"/channels/{channel}/snoop/{ear}"
            await self.client.post(where, spy="both", whisper=said, app="qingting", appArgs="ear")
            await watch.until(lambda event: event["type"] == "StasisStart", seconds=JOIN_SECONDS)
        return ear

    async def keep_mixing(self, bridge: str, *, beside: str) -> None:
        """Have this bridge mix its voices also where only two talk or one waits, while the channel `beside` it is there.

        With two in it Asterisk hands packets through as they come. After a third has left, or after a hold, their numbers
        have a gap, which its hooks take for lost packets for the rest of the call: an ear on the seat then no longer hears
        what the seat hears, and the seat no whisper (Asterisk 22, `main/audiohook.c`: interpolated frames pass the hooks by).
        Mixed voice has no such numbers. So there are always three: two who say nothing are in it.
        """
        for number in range(STILL_ONES):
            still = f"{_STILL}{number}-{beside}"
            if await self._exists(still):
                continue
            with self.client.watch(still) as watch:
                where = f"/channels/{beside}/snoop/{still}"
                await self.client.post(where, spy="out", app="qingting", appArgs="ear")
                await watch.until(lambda event: event["type"] == "StasisStart", seconds=JOIN_SECONDS)
            await self.let_speak(still, may=False)
            await self.join(bridge, still)

    async def _exists(self, channel: str) -> bool:
        try:
            await self.client.get(f"/channels/{channel}")
        except AriRefused as refusal:
            if refusal.status != 404:
                raise
            return False
        return True

    async def stop_mixing(self, *, beside: str) -> None:
        """What `keep_mixing` began is over; it is, too, when `beside` hangs up."""
        for number in range(STILL_ONES):
            await self.hang_up(f"{_STILL}{number}-{beside}")

    async def record_speech(self, channel: str, name: str, *, ear_of: str) -> None:
        """Record what is said on this channel, until it ends or `end_ears` of `ear_of`."""
        ear = f"{_EAR}{ear_of}-{uuid.uuid4().hex[:6]}"
        with self.client.watch(ear) as watch:
            await self.client.post(f"/channels/{channel}/snoop/{ear}", spy="in", app="qingting", appArgs="ear")
            await watch.until(lambda event: event["type"] == "StasisStart", seconds=JOIN_SECONDS)
        await self.client.post(f"/channels/{ear}/record", name=name, format="wav", ifExists="append")

    async def end_ears(self, ear_of: str) -> None:
        """What `record_speech` began is closed; also by a controller that did not begin it."""
        for channel in await self.client.get("/channels"):
            if channel["id"].startswith(f"{_EAR}{ear_of}-"):
                await self.hang_up(channel["id"])

    async def play(self, channel: str, prompts: Sequence[str], *, language: str = "zh") -> None:
        """Play prompts one after another; returns when they are over. Cancelled, it stops them."""
        await self._play(f"/channels/{channel}", prompts, language)

    async def announce(self, bridge: str, prompts: Sequence[str], *, language: str = "zh") -> None:
        """The same to everybody in a bridge."""
        await self._play(f"/bridges/{bridge}", prompts, language)

    async def _play(self, where: str, prompts: Sequence[str], language: str) -> None:
        name = f"play-{uuid.uuid4().hex[:12]}"
        with self.client.watch(name) as watch:
            media = ",".join(f"sound:{prompt}" for prompt in prompts)
            try:
                await self.client.post(f"{where}/play/{name}", media=media, lang=language)
                await watch.until(lambda event: event["type"] == "PlaybackFinished", seconds=PLAY_SECONDS)
            except asyncio.CancelledError:
                await asyncio.shield(self.client.remove(f"/playbacks/{name}"))
                raise
            except TimeoutError:
                await self.client.remove(f"/playbacks/{name}")


@contextlib.contextmanager
def _gone() -> Iterator[None]:
    """Whoever has hung up meanwhile needs nothing more done to them."""
    try:
        yield
    except AriRefused as refusal:
        if refusal.status not in (404, 409, 422):
            raise
