"""The door to whatever makes the sound: what pages and services need of it, and nothing more.

The controller is on the other side of this door; another engine would bring its own controller.
"""

from dataclasses import dataclass
from typing import Protocol

import httpx
from django.conf import settings

from qingting.core.errors import DomainError
from qingting.telephony.places import ari_address


@dataclass(frozen=True, slots=True)
class BrowserAccount:
    """What a browser signs in with at the engine. context: what it may dial (`refuse`: nothing, `from-visit`: the line)."""

    username: str
    password: str
    context: str


class VoiceEngine(Protocol):
    """What the platform asks of an engine."""

    def open_account(self, account: BrowserAccount) -> None:
        """Let a browser sign in. Raises DomainError where the engine does not answer."""

    def close_account(self, username: str) -> None:
        """From this moment the account may neither register nor call."""


class AsteriskEngine:
    """Asterisk's own accounts, made and ended over its REST interface."""

    def open_account(self, account: BrowserAccount) -> None:
        name = account.username
        secret = {"auth_type": "userpass", "username": name, "password": account.password}
        self._put("auth", name, secret)
        self._put("aor", name, _AOR)
        self._put(
            "endpoint", name, {**_ENDPOINT, **_patience(), "auth": name, "aors": name, "context": account.context}
        )

    def close_account(self, username: str) -> None:
        """The endpoint goes first: without it nothing more is let in."""
        for kind in ("endpoint", "aor", "auth"):
            self._ask("DELETE", f"/asterisk/config/dynamic/res_pjsip/{kind}/{username}", None)

    def _put(self, kind: str, name: str, fields: dict[str, str]) -> None:
        body = {"fields": [{"attribute": key, "value": value} for key, value in fields.items()]}
        answer = self._ask("PUT", f"/asterisk/config/dynamic/res_pjsip/{kind}/{name}", body)
        if answer >= 300:
            raise _away()

    def _ask(self, method: str, path: str, body: object) -> int:
        address = ari_address()
        try:
            answer = httpx.request(
                method, address.url + path, json=body, auth=(address.user, address.password), timeout=5, trust_env=False
            )
        except httpx.HTTPError as error:
            raise _away() from error
        return answer.status_code


# One browser for each account: a page that is opened anew replaces the one that is gone.
_AOR = {
    "max_contacts": "1",
    "remove_existing": "yes",
    "maximum_expiration": "120",
    "default_expiration": "60",
    "qualify_frequency": "30",
    "qualify_timeout": "8",
}
# alaw first, as the trunk speaks it: transcoding costs six times the work.
_ENDPOINT = {
    "transport": "transport-ws",
    "webrtc": "yes",
    "disallow": "all",
    "allow": "alaw,opus",
    "direct_media": "no",
    "allow_transfer": "no",  # who talks with whom is the controller's to say, and stands in the record
    "language": "zh",
}


def _patience() -> dict[str, str]:
    """A seat from which no voice comes any more is gone, also one that had put us on hold by its own telephone."""
    return {"rtp_timeout": str(settings.SEAT_SILENT_SECONDS), "rtp_timeout_hold": str(settings.SEAT_HOLD_SECONDS)}


def engine() -> VoiceEngine:
    """The engine of this installation."""
    return AsteriskEngine()


def _away() -> DomainError:
    return DomainError(
        "电话暂时不可用。",
        code="telephony.engine.away",
        do_next="网页的其他功能不受影响；请稍后再试，急需通话时请用自己的电话。",
    )
