"""What the tests need from the machine and no package brings: Chromium, a font with Chinese characters, Asterisk.

As root with apt the first two are installed if they are missing; otherwise we say exactly what to install. Asterisk is
fetched into `var/programs`, as `make run` does.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")
CJK_FILES = ("*CJK*", "*wqy*", "*SourceHan*", "*uming*", "*ukai*", "*DroidSansFallback*")


def provide() -> dict[str, str]:
    """Variables for the tests: where the browser is. Exits with instructions if something stays missing."""
    packages = missing()
    if packages and os.geteuid() == 0 and shutil.which("apt-get"):
        install(packages)
    if packages := missing():
        raise SystemExit(
            f"缺少 Missing for the browser tests: {', '.join(packages)}\n"
            f"  → As root: apt-get update && apt-get install -y {' '.join(packages)}\n"
            "    (elsewhere: Chromium on the PATH or in QINGTING_CHROMIUM, and a Noto CJK or similar font)"
        )
    fetch_telephone()
    return {"QINGTING_CHROMIUM": chromium() or ""}


def fetch_telephone() -> None:
    """Have Asterisk ready before anything is timed. Exits with the reason where Debian's packages can't be had."""
    python = Path(__file__).resolve().parents[1] / ".venv" / "bin" / "python"
    done = subprocess.run([python, "-m", "launcher.telephone", "fetch"], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"没有 Asterisk，无法测试电话。No Asterisk for the tests of calls.\n  → {done.stderr.strip()}")


def missing() -> list[str]:
    """Debian's names of the packages that are missing."""
    return [package for package, found in (("chromium", chromium()), ("fonts-noto-cjk", has_cjk_font())) if not found]


def install(packages: list[str]) -> None:
    print(f"· 安装 Installing {', '.join(packages)} (apt-get)", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update", "-q"], ["install", "-yq", "--no-install-recommends", *packages]):
        subprocess.run(["apt-get", *words], env=quiet, stdout=subprocess.DEVNULL, check=False)


def chromium() -> str | None:
    """The browser's program, if it starts."""
    for name in (os.environ.get("QINGTING_CHROMIUM"), *CHROMIUM_NAMES):
        program = shutil.which(name) if name else None
        if program and runs(program, "--version"):
            return program
    return None


def has_cjk_font() -> bool:
    if shutil.which("fc-list"):
        said = subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, text=True, check=False).stdout
        return bool(said.strip())
    folders = [Path(folder).expanduser() for folder in FONT_FOLDERS]
    return any(any(folder.rglob(pattern)) for folder in folders for pattern in CJK_FILES)


def runs(*command: str) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False
