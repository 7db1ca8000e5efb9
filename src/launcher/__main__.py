"""`python -m launcher run | command WORDS… | database start|stop|url|status [--test]`."""

from __future__ import annotations

import argparse
import signal
import sys

from launcher import command, places, processes, run
from launcher.errors import LaunchError
from launcher.postgres import disposable_cluster, platform_cluster


def main() -> int:
    try:
        return _dispatch(sys.argv[1:])
    except LaunchError as reason:
        print(reason, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _dispatch(words: list[str]) -> int:
    if words[:1] == ["command"]:
        return command.main(words[1:])
    parser = argparse.ArgumentParser(prog="launcher", description=__doc__)
    kinds = parser.add_subparsers(dest="kind", required=True)
    platform = kinds.add_parser("run", help="the whole platform, until Ctrl-C")
    platform.add_argument("--with-parent", action="store_true", help="stop when what started it is gone")
    database = kinds.add_parser("database", help="the database by itself")
    database.add_argument("step", choices=["start", "stop", "url", "status"])
    database.add_argument("--test", action="store_true", help="the cluster of the tests")
    asked = parser.parse_args(words)
    if asked.kind == "run":
        if asked.with_parent:
            processes.hear_of_parents_death(signal.SIGTERM)
        run.main()
    else:
        _database(asked.step, test=asked.test)
    return 0


def _database(step: str, *, test: bool) -> None:
    cluster = (disposable_cluster if test else platform_cluster)(places.var_folder())
    if step == "start":
        cluster.start()
    if step == "stop":
        cluster.stop()
    if step in ("start", "url"):
        print(cluster.url)
    if step == "status":
        print(f"pid {cluster.running_pid()}" if cluster.running_pid() else "stopped")


if __name__ == "__main__":
    sys.exit(main())
