"""`python -m launcher.telephone [fetch]`: fetch, configure, become Asterisk; with `fetch` no more than fetch it.

Started by the supervisor after the web pages are up, so that nobody waits for a download. As root it gives up its rights
before Asterisk runs. Where there can be no Asterisk it says so and stays, so that it is not tried again and again.
"""

from __future__ import annotations

import os
import signal
import sys

from launcher import places, processes
from launcher.accounts import Account, database_account
from launcher.cluster_home import home_for
from launcher.errors import LaunchError
from launcher.telephone import configuration, programs, report, settings
from launcher.telephone.packages import NoPackagesError


def main() -> None:
    """Does not return, except where it is told to stop."""
    var = places.var_folder()
    try:
        command, account, version = _prepared()
    except (NoPackagesError, LaunchError, OSError) as error:
        report.tell(var, "UNAVAILABLE", why=str(error))
        print(f"电话不可用，其余功能照常。No telephone; all else runs. {error}", flush=True)
        signal.pause()
        return
    report.tell(var, "RUNNING", version=version)
    _give_up_rights(account)
    processes.hear_of_parents_death(signal.SIGTERM)
    os.execve(command[0], command, {**os.environ, "HOME": "/", "LC_ALL": "C.UTF-8"})  # noqa: S606  (our own program)


def fetch() -> int:
    """Have the programs ready for later; says their version, or why not."""
    var = places.var_folder()
    try:
        print(programs.provide(var, database_account(var / "asterisk")).version())
    except (NoPackagesError, LaunchError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _prepared() -> tuple[list[str], Account, str]:
    var = places.var_folder()
    ports = configuration.ports_from_environment()
    _require_free(ports)
    home = home_for(var / "asterisk")
    account = database_account(home)
    report.tell(var, "FETCHING")
    asterisk = programs.provide(var, account)
    main_file = configuration.render(home, asterisk, account, settings.values(var, ports))
    return [*asterisk.command, "-C", str(main_file), "-f", "-n"], account, asterisk.version()


def _require_free(ports: configuration.Ports) -> None:
    """A killed Asterisk lets go of its ports in a moment; somebody else does not."""
    for port, variable, free in (
        (ports.sip, configuration.SIP, places.is_free_for_datagrams),
        (ports.ari, configuration.ARI, places.is_free),
    ):
        if not processes.wait_until(lambda free=free, port=port: free(port), seconds=5):  # type: ignore[misc]
            raise LaunchError(f"端口 {port} 已被占用", do_next=f"{variable}={port + 2}")


def _give_up_rights(account: Account) -> None:
    if account.is_ourselves:
        return
    os.setgroups([])
    os.setgid(account.gid)
    os.setuid(account.uid)


if __name__ == "__main__":
    if sys.argv[1:] == ["fetch"]:
        sys.exit(fetch())
    main()
