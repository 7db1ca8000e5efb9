"""Which browsers are signed in at Asterisk: a seat whose browser is can be rung."""

import contextlib

from qingting.core import time
from qingting.telephony import services
from qingting.telephony.ari.client import APPLICATION, AriRefused, Event
from qingting.telephony.ari.floor import Floor
from qingting.telephony.selectors import live_sip_accounts

_HERE = frozenset({"Registered", "Reachable"})
_AWAY = frozenset({"Unregistered", "Unreachable"})
_OURS = ("seat-", "visit-")


class Registrations:
    """Kept by events, and looked over now and then because events can be missed."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._here: dict[str, bool] = {}
        self._unknown: set[str] = set()

    def changed(self, event: Event) -> None:
        """A browser came or went."""
        name = (event.get("endpoint") or {}).get("resource", "")
        status = (event.get("peer") or event.get("contact_info") or {}).get(
            "peer_status" if "peer" in event else "contact_status", ""
        )
        if status in _HERE or status in _AWAY:
            self._note(name, here=status in _HERE)

    async def look(self) -> None:
        """What Asterisk says now; accounts whose login is over are ended there, too."""
        client = self._floor.client
        with contextlib.suppress(AriRefused):
            await client.post(f"/applications/{APPLICATION}/subscription", eventSource="endpoint:PJSIP")
        before, self._unknown = self._unknown, set()
        known = await self._floor.records.answered(live_sip_accounts, at=time.now())
        for endpoint in await client.get("/endpoints/PJSIP"):
            name = endpoint["resource"]
            if not name.startswith(_OURS):
                continue
            if name in known:
                here = endpoint["state"] == "online"
                if known[name].registered != here:
                    self._here.pop(name, None)
                self._note(name, here=here)
            elif name in before:
                await self._end(name)
            else:  # perhaps it is being issued this moment, and not committed yet
                self._unknown.add(name)

    def _note(self, name: str, *, here: bool) -> None:
        if name.startswith(_OURS) and self._here.get(name) != here:
            self._here[name] = here
            words = {"username": name, "registered": here, "at": time.now()}
            self._floor.records.note(0, services.note_registration, **words)

    async def _end(self, name: str) -> None:
        self._here.pop(name, None)
        for kind in ("endpoint", "aor", "auth"):
            with contextlib.suppress(AriRefused):
                await self._floor.client.remove(f"/asterisk/config/dynamic/res_pjsip/{kind}/{name}")
        self._floor.records.note(0, services.end_account, username=name, at=time.now())
