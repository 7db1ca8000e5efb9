"""Debian packages, fetched with a private apt and unpacked into a folder of ours.

The mirror is the one this machine's own apt already uses. Signatures are checked; only the expiry date of the Release
file is not, because a frozen mirror's has passed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
SECONDS = 300


class NoPackagesError(Exception):
    """The packages can't be had on this machine; the text says why."""


def unpack(packages: Sequence[str], *, suites: Sequence[str], into: Path) -> None:
    """Fetch the packages from the first of `suites` that has all of them, and unpack them below `into`.

    Raises `NoPackagesError` where there is no apt, no Debian mirror, or no such package.
    """
    mirror = debian_mirror()
    for suite in suites:
        state = into.with_name(f"{into.name}.apt")
        shutil.rmtree(state, ignore_errors=True)
        try:
            fetched = _download(packages, f"{mirror} {suite}", state)
            for package in fetched:
                _run(["dpkg", "-x", str(package), str(into)], {})
        except NoPackagesError as error:
            refusal = error
        else:
            return
        finally:
            shutil.rmtree(state, ignore_errors=True)
    raise refusal


def debian_mirror() -> str:
    """The address from which this machine fetches Debian itself. Raises `NoPackagesError` elsewhere."""
    if not (shutil.which("apt-get") and shutil.which("dpkg") and KEYRING.exists()):
        raise NoPackagesError("这台机器没有 Debian 的软件包工具 (apt, dpkg)")
    asked = ["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT)", "Created-By: Packages"]
    said = _run(asked, {})
    ours = {codename(), "stable", "testing", "sid"}
    for line in said.splitlines():
        address, release, component = [*line.split(), "", "", ""][:3]
        if release in ours and component == "main":
            return address
    raise NoPackagesError("这台机器的 apt 没有配置 Debian 软件源")


def codename() -> str:
    """`bookworm` on Debian 12; empty where the system does not say."""
    try:
        lines = Path("/etc/os-release").read_text("utf-8").splitlines()
    except OSError:
        return ""
    return next((line.partition("=")[2].strip('"') for line in lines if line.startswith("VERSION_CODENAME=")), "")


def _download(packages: Sequence[str], source: str, state: Path) -> list[Path]:
    for folder in ("lists/partial", "archives/partial", "etc/parts"):
        (state / folder).mkdir(parents=True)
    (state / "status").touch()
    (state / "etc/sources.list").write_text(f"deb [signed-by={KEYRING}] {source} main\n")
    (state / "etc/apt.conf").write_text(_configuration(state))
    private = {"APT_CONFIG": str(state / "etc/apt.conf")}
    _run(["apt-get", "-qq", "update"], private)
    _run(["apt-get", "-qq", "download", *packages], private, cwd=state / "archives")
    return sorted((state / "archives").glob("*.deb"))


def _configuration(state: Path) -> str:
    """An apt that shares nothing with the machine's but how it reaches its mirror."""
    reaching = [line for line in _run(["apt-config", "dump"], {}).splitlines() if line.startswith("Acquire::http")]
    architecture = _run(["dpkg", "--print-architecture"], {}).strip()
    settings = {
        "Dir::State": state,
        "Dir::State::status": state / "status",
        "Dir::State::lists": state / "lists",
        "Dir::Cache": state,
        "Dir::Cache::archives": state / "archives",
        "Dir::Etc::sourcelist": state / "etc/sources.list",
        "Dir::Etc::sourceparts": state / "etc/parts",
        "Dir::Etc::preferences": state / "etc/none",
        "Dir::Etc::preferencesparts": state / "etc/parts",
        "Dir::Etc::parts": state / "etc/parts",
        "APT::Architecture": architecture,
        "APT::Sandbox::User": "",
        "Acquire::Languages": "none",
        "Acquire::Retries": 3,
        "Acquire::Check-Valid-Until": "false",
        "Debug::NoLocking": "true",
    }
    return "\n".join([*reaching, *(f'{name} "{value}";' for name, value in settings.items()), ""])


def _run(command: list[str], more: dict[str, str], cwd: Path = Path("/")) -> str:
    environment = {**os.environ, **more, "LC_ALL": "C.UTF-8"}
    try:
        done = subprocess.run(
            command, env=environment, cwd=cwd, capture_output=True, text=True, check=False, timeout=SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoPackagesError(f"{command[0]}: {error}") from error
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["exit code"])[-1]
        raise NoPackagesError(f"{command[0]} {command[-1]}: {last[:200]}")
    return done.stdout
