"""What the environment says about the telephone, as the templates want it."""

from __future__ import annotations

import os
from pathlib import Path

from launcher.telephone.configuration import Ports, secret

MODE = "QINGTING_TELEPHONE"
OFF = "off"
EXTERNAL = "QINGTING_ARI_URL"


def is_off() -> bool:
    """Whether no telephone is wanted at all."""
    return os.environ.get(MODE) == OFF


def is_external() -> bool:
    """Whether the platform is to use an Asterisk that somebody else runs."""
    return bool(os.environ.get(EXTERNAL)) and not is_off()


def values(var: Path, ports: Ports) -> dict[str, str]:
    """What stands between the @ signs of the templates."""
    address = os.environ.get("QINGTING_SIP_ADDRESS") or "127.0.0.1"
    public = os.environ.get("QINGTING_MEDIA_ADDRESS") or ""
    return {
        "SIP_ADDRESS": address,
        "SIP_PORT": str(ports.sip),
        "ARI_PORT": str(ports.ari),
        "RTP_FIRST": str(ports.rtp[0]),
        "RTP_LAST": str(ports.rtp[1]),
        "MOST_CALLS": str(max(1, (ports.rtp[1] - ports.rtp[0] + 1) // 4)),
        "ARI_PASSWORD": secret(var, "ari"),
        "DESK_PASSWORD": secret(var, "desk-110-telephone"),
        "TRUNK_MATCH": os.environ.get("QINGTING_SIP_TRUNKS") or "127.0.0.1",
        "TRUNK_CONTACT": os.environ.get("QINGTING_SIP_TRUNK_CONTACT") or "sip:127.0.0.1:5062",
        "EXTERNAL": _external(public),
        "MEDIA": _media(address, public),
        "CALLS_OF_ONE_NUMBER": os.environ.get("QINGTING_CALLS_OF_ONE_NUMBER") or "3",
        "BENCH_LINE": "exten => 90000,1,Goto(bench-queue,90000,1)" if os.environ.get("QINGTING_BENCH_SEATS") else "",
        "BENCH_MEMBERS": _bench_members(os.environ.get("QINGTING_BENCH_SEATS") or ""),
    }


def _external(public: str) -> str:
    """Behind a router, SIP tells the carrier the router's address."""
    return f"external_media_address = {public}\nexternal_signaling_address = {public}" if public else ""


def _media(address: str, public: str) -> str:
    """On one machine voices keep to its own address, so that no other network of it is offered."""
    if public or address == "0.0.0.0":  # noqa: S104  (compared, not bound)
        return ""
    return f"media_address = {address}\nbind_rtp_to_media_address = yes"


def _bench_members(contacts: str) -> str:
    """Each with the trunk's own state: of a telephone behind it Asterisk knows none, and would never ring it."""
    members = [contact for contact in contacts.split(",") if contact]
    return "\n".join(f"member => PJSIP/trunk/{contact},0,seat-{n},PJSIP/trunk" for n, contact in enumerate(members))
