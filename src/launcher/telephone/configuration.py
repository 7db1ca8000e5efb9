"""Asterisk's configuration, rendered from the templates beside this file at every start."""

from __future__ import annotations

import os
import re
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from launcher import places
from launcher.accounts import Account
from launcher.errors import LaunchError
from launcher.secret_files import write_secret
from launcher.telephone import tones
from launcher.telephone.programs import Asterisk

TEMPLATES = Path(__file__).with_name("conf")
PROMPTS = places.ROOT / "src" / "qingting" / "telephony" / "sounds"
SIP = "QINGTING_SIP_PORT"
ARI = "QINGTING_ARI_PORT"
RTP = "QINGTING_RTP_PORTS"
OWN_FOLDERS = ("run", "log", "lib", "spool/recording", "spool/monitor", "lib/keys")

_PLACE = re.compile(r"@([A-Z0-9_]+)@")


@dataclass(frozen=True)
class Ports:
    """Where Asterisk listens: SIP over UDP; REST interface and websocket; the first and last port of its voices."""

    sip: int
    ari: int
    rtp: tuple[int, int]


def ports_from_environment() -> Ports:
    """Raises `LaunchError` for what is no port or no range of ports."""
    written = os.environ.get(RTP) or "16000-17999"
    first, _, last = written.partition("-")
    if not (first.isdecimal() and last.isdecimal() and 1023 < int(first) < int(last) < 65536):
        raise LaunchError(f"{RTP}={written} 不是端口范围。Not a range of ports.", do_next=f"{RTP}=16000-17999")
    sip, ari = places.port_from(SIP, 5060), places.port_from(ARI, 8088)
    return Ports(sip, ari, (int(first), int(last)))


def secret(var: Path, name: str) -> str:
    """A password of this installation, made once; its file is read by the platform's processes, too."""
    path = var / "keys" / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_secret(path, secrets.token_urlsafe(32))
    return path.read_text("ascii").strip()


def render(home: Path, programs: Asterisk, account: Account, values: dict[str, str]) -> Path:
    """Write everything Asterisk reads below `home`; returns the path of its main file. Only `account` may read it."""
    places_to_put = {"HOME": str(home), "MODULES": str(programs.modules), **values}
    for name in ("etc", "data", *OWN_FOLDERS):
        (home / name).mkdir(mode=0o750, parents=True, exist_ok=True)
    for template in TEMPLATES.glob("*.conf"):
        text = _PLACE.sub(lambda found: places_to_put[found[1]], template.read_text("utf-8"))
        write_secret(home / "etc" / template.name, text)
    _lay_out_data(home / "data", programs)
    for path in (home, *home.rglob("*")):
        if not path.is_symlink():
            account.owns(path)
    return home / "etc" / "asterisk.conf"


def _lay_out_data(data: Path, programs: Asterisk) -> None:
    """Prompts (ours, and a station's own recordings over them), music, and what the REST interface describes itself by."""
    for name in ("documentation", "rest-api"):
        link = data / name
        link.unlink(missing_ok=True)
        link.symlink_to(programs.root / "usr/share/asterisk" / name)
    music = data / "music" / "waiting.wav"
    if not music.exists():
        music.parent.mkdir(exist_ok=True)
        tones.write_music(music)
    sounds = data / "sounds"
    shutil.rmtree(sounds, ignore_errors=True)
    sounds.mkdir()
    if PROMPTS.is_dir():
        shutil.copytree(PROMPTS, sounds, dirs_exist_ok=True)
    tones.write_beep(sounds / "beep.wav")
    recorded = places.var_folder() / "prompts"
    if recorded.is_dir():
        shutil.copytree(recorded, sounds, dirs_exist_ok=True)
