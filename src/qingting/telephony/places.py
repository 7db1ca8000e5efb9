"""Where this installation's Asterisk is, and what the launcher said of it."""

import base64
import hashlib
import hmac
import json
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from qingting.telephony.ari.client import Address


def ari_address() -> Address:
    """The REST interface, as the settings or the launcher's files say."""
    return Address(settings.ARI_URL.rstrip("/"), settings.ARI_USER, settings.ARI_PASSWORD or _kept_secret("ari"))


def websocket_address() -> str:
    """Asterisk's SIP websocket, beside its REST interface."""
    return settings.ARI_URL.rstrip("/").removesuffix("/ari") + "/ws"


def why_unavailable() -> str:
    """What the launcher found in the way of a telephone, in Chinese; '' where it knows of nothing."""
    try:
        report = json.loads((Path(settings.VAR) / "telephone" / "report.json").read_text("utf-8"))
    except (OSError, ValueError):
        return ""
    return str(report.get("why", "")) if report.get("state") == "UNAVAILABLE" else ""


def _kept_secret(name: str) -> str:
    try:
        return (Path(settings.VAR) / "keys" / name).read_text("ascii").strip()
    except OSError:
        return ""


def dial_110() -> str:
    """How this Asterisk reaches the 110: the reference desk's account, or a number through the trunk."""
    return str(settings.DIAL_110)


def dial_number(number: str) -> str:
    """How it reaches a number outside."""
    return str(settings.DIAL_OUT).format(number=number)


def ice_servers(who: str, *, at: datetime) -> list[dict[str, str]]:
    """STUN and TURN servers for a browser; a TURN password made from the shared secret is good for half a day.

    The way of making it is the one that coturn calls `use-auth-secret`: HMAC-SHA1 over `expiry:user`.
    """
    servers = [{"urls": url} for url in settings.STUN_URLS]
    if settings.TURN_URLS and settings.TURN_SECRET:
        user = f"{int((at + timedelta(hours=12)).timestamp())}:{who}"
        digest = hmac.new(settings.TURN_SECRET.encode(), user.encode(), hashlib.sha1).digest()
        credential = base64.b64encode(digest).decode()
        servers += [{"urls": url, "username": user, "credential": credential} for url in settings.TURN_URLS]
    return servers
