"""What the desk is told at start: options, or environment variables such as `POLICEDESK_PEER_URL`."""

import argparse
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from deskwire.keys import Party
from policedesk.intake import AutoAcknowledge


@dataclass(frozen=True, slots=True)
class Settings:
    """The desk's settings."""

    host: str
    port: int
    data: Path
    keys: Path
    me: Party
    peer: Party
    peer_url: str
    peer_key: Path
    peer_phone: str
    demo: bool
    demo_password: str
    auto_acknowledge: AutoAcknowledge
    secure_cookies: bool
    telephone_address: str
    telephone_user: str
    telephone_password_file: Path


def read_settings(arguments: Sequence[str], environment: Mapping[str, str] = os.environ) -> Settings:
    """Read options; what is not given comes from the environment, then from the defaults."""
    options = _parser(environment).parse_args(arguments)
    data = Path(options.data)
    keys = Path(options.keys) if options.keys else data / "keys"
    return Settings(
        host=options.host,
        port=int(options.port),
        data=data,
        keys=keys,
        me=Party(options.desk, options.region),
        peer=Party(options.peer_desk, options.peer_region),
        peer_url=options.peer_url,
        peer_key=Path(options.peer_key) if options.peer_key else keys / f"{options.peer_desk}.pub.json",
        peer_phone=options.peer_phone,
        demo=bool(options.demo),
        demo_password=environment.get("POLICEDESK_DEMO_PASSWORD", ""),
        auto_acknowledge=options.auto_acknowledge,
        secure_cookies=bool(options.secure_cookies),
        telephone_address=options.telephone_address,
        telephone_user=options.telephone_user,
        telephone_password_file=Path(options.telephone_password_file or keys / "telephone.password"),
    )


_TEXTS = {
    "host": ("127.0.0.1", "address to listen on"),
    "port": ("8110", "port to listen on; 0 takes a free one"),
    "data": ("var/policedesk", "directory of the database and the published key"),
    "keys": ("", "directory of this desk's private key (default: <data>/keys)"),
    "desk": ("desk-110", "this desk's id"),
    "region": ("440106", "GB/T 2260 code of this desk; incident numbers begin with it"),
    "peer-desk": ("desk-12355", "the other desk's id"),
    "peer-region": ("440000", "GB/T 2260 code of the other desk"),
    "peer-url": ("http://127.0.0.1:8000", "where the other desk answers"),
    "peer-key": (
        "",
        "the other desk's public key file; may appear later (default: <keys>/<peer-desk>.pub.json)",
    ),
    "peer-phone": ("12355", "telephone shown when the line is down"),
    "telephone-address": ("", "SIP websocket of the telephone engine, ws://… or wss://…; empty: no telephone"),
    "telephone-user": ("desk-110", "this desk's account at the engine"),
    "telephone-password-file": ("", "file with the account's password (default: <keys>/telephone.password)"),
    "auto-acknowledge": ("none", "acknowledge by machine: none, drills or all"),
}


def _parser(environment: Mapping[str, str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m policedesk", description="The reference 110 desk.")
    for name, (default, text) in _TEXTS.items():
        found = environment.get("POLICEDESK_" + name.upper().replace("-", "_"), default)
        choices = ["none", "drills", "all"] if name == "auto-acknowledge" else None
        parser.add_argument(f"--{name}", default=found, help=text, choices=choices)
    for name, text in (
        ("demo", "create demonstration operators and print their passwords"),
        ("secure-cookies", "the pages are served over HTTPS"),
    ):
        on = environment.get("POLICEDESK_" + name.upper().replace("-", "_"), "") == "1"
        parser.add_argument(f"--{name}", action="store_true", default=on, help=text)
    return parser
