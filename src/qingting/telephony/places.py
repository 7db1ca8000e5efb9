"""Where this installation's Asterisk is, and what the launcher said of it."""

import json
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
