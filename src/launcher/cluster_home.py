"""Where a cluster's folder really lies.

Usually where it is asked for. But when we are root below a folder closed to everybody else (a 0700 home, a
temporary folder), the account that runs PostgreSQL could not enter it. Rather than opening somebody's home we
put the cluster under /var/lib/qingting and leave a link to it.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from launcher.accounts import database_account
from launcher.errors import LaunchError

OPEN_PLACE = Path("/var/lib/qingting")


def home_for(asked: Path) -> Path:
    """The folder to use for a cluster asked for at `asked`; made if it is new."""
    account = database_account(asked)
    if not asked.exists():
        asked.parent.mkdir(parents=True, exist_ok=True)
        if account.can_enter(asked.parent):
            asked.mkdir(exist_ok=True)
        else:
            _link_to_open_place(asked)
    home = asked.resolve()
    if not account.can_enter(home):
        raise LaunchError(
            f"{account.name} 无法进入 {home}。The account {account.name}, which runs PostgreSQL, cannot enter {home}.",
            do_next="Open its parent folders (chmod o+x), or choose another folder in QINGTING_VAR.",
        )
    return home


def _link_to_open_place(asked: Path) -> None:
    asked.unlink(missing_ok=True)
    OPEN_PLACE.mkdir(parents=True, exist_ok=True)
    place = Path(tempfile.mkdtemp(prefix=f"{asked.name}-", dir=OPEN_PLACE))
    place.chmod(0o755)
    asked.symlink_to(place)
