"""The telephone among the processes that the launcher keeps running."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping

from launcher.services import Service
from launcher.telephone import settings

SILENT_SECONDS = (
    12.0  # a controller that says nothing for so long hangs; callers hear music by then, and find the next one
)

_NUMBER = re.compile(r"(?<![\d-])\+?\d{6,15}(?!\d)")


def services(environment: Mapping[str, str], *, controller: list[str]) -> list[Service]:
    """Asterisk, unless another one is named, and the controller that decides about every call. Nobody waits for them."""
    conducting = Service("controller", controller, environment, hide=masked, silent_seconds=SILENT_SECONDS)
    asterisk = [sys.executable, "-m", "launcher.telephone"]
    if settings.is_external():
        return [conducting]
    if settings.is_off():
        return []
    return [Service("asterisk", asterisk, environment, stop_seconds=5, hide=masked), conducting]


def websocket(ari_port: int) -> str:
    """Where a browser's SIP goes in at our own Asterisk; '' where we run none."""
    return "" if settings.is_external() or settings.is_off() else f"ws://127.0.0.1:{ari_port}/ws"


def masked(line: str) -> str:
    """A line of a log without telephone numbers: of each, the last two digits stay."""
    return _NUMBER.sub(lambda found: "***" + found[0][-2:], line)


def announced(sip_port: int) -> str:
    """What is said of it when everything stands."""
    if settings.is_external() or settings.is_off():
        return "  电话 telephone        未启用 not run here"
    return f"  电话 telephone        sip:12355@127.0.0.1:{sip_port} (UDP)，状态 state: /healthz"
