"""Asterisk's programs: looked for, fetched once, kept for every platform of this checkout.

An Asterisk of version 22 (long-term support) from Debian's newer releases, run with the loader and the libraries that it
was built for, so that the machine's own libraries stay as they are.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from launcher import places
from launcher.accounts import Account
from launcher.cluster_home import OPEN_PLACE
from launcher.locks import FileLock
from launcher.telephone.packages import NoPackagesError, unpack

VERSION = "22."
SUITES = ("forky", "testing", "sid")
# What the modules that we load really link to. The resolver's whole answer would be 160 packages.
NEEDED = (
    *("asterisk", "asterisk-modules", "libc6", "libgcc-s1", "libstdc++6", "libcap2", "libcrypt1", "libedit2"),
    *("libbsd0", "libmd0", "libtinfo6", "libjansson4", "libsqlite3-0", "libssl3t64", "libsystemd0", "liburiparser1"),
    *("libuuid1", "libxml2-16", "libxslt1.1", "libzstd1", "zlib1g", "libopus0", "libsrtp2-1", "libnss3", "libnspr4"),
)
UNUSED = ("usr/share/doc", "usr/share/man", "usr/share/locale", "usr/share/asterisk/sounds", "etc", "var")


@dataclass(frozen=True)
class Asterisk:
    """An unpacked tree."""

    root: Path

    @property
    def libraries(self) -> Path:
        return self._loader.parent

    @property
    def modules(self) -> Path:
        return self.libraries / "asterisk" / "modules"

    @property
    def command(self) -> list[str]:
        """How its main program is started; options follow."""
        program = self.root / "usr/sbin/asterisk"
        return [str(self._loader), "--inhibit-cache", "--library-path", str(self.libraries), str(program)]

    def version(self) -> str:
        """`22.10.1…`; empty where it does not start."""
        try:
            asked = [*self.command, "-V"]
            said = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=30).stdout
        except (OSError, IndexError, subprocess.TimeoutExpired):
            return ""
        return said.removeprefix("Asterisk ").strip()

    @property
    def _loader(self) -> Path:
        return sorted(self.root.glob("usr/lib/*-linux-gnu*/ld-linux*.so.*"))[0]


def provide(var: Path, account: Account) -> Asterisk:
    """The programs, fetched if nobody has fetched them yet. Raises `NoPackagesError` where they can't be had."""
    folder = _folder(var, account)
    with FileLock(folder / "lock").exclusive():
        ready = Asterisk(folder / "asterisk")
        if not ready.version().startswith(VERSION):
            _fetch(ready.root)
        return ready


def _fetch(target: Path) -> None:
    """Unpack beside its place, then rename: half a tree is never mistaken for a whole one."""
    draft = Path(tempfile.mkdtemp(prefix="asterisk-", dir=target.parent))
    try:
        draft.chmod(0o755)
        unpack(NEEDED, suites=SUITES, into=draft)
        for name in UNUSED:
            shutil.rmtree(draft / name, ignore_errors=True)
        version = Asterisk(draft).version()
        if not version.startswith(VERSION):
            raise NoPackagesError(f"软件源里的 Asterisk 是 {version or '无法运行的版本'}，需要 {VERSION}x")
        shutil.rmtree(target, ignore_errors=True)
        draft.rename(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _folder(var: Path, account: Account) -> Path:
    """The first place that `account` may enter and we may write: shared by the checkout, else this platform's own."""
    for place in _places(var):
        try:
            place.mkdir(mode=0o755, parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(place, os.W_OK) and account.can_enter(place):
            return place
    raise NoPackagesError("没有可以存放电话程序的目录")


def _places(var: Path) -> Iterator[Path]:
    yield places.ROOT / "var" / "programs"
    yield var / "programs"
    if os.geteuid() == 0:
        yield OPEN_PLACE / "programs"
