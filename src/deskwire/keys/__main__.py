"""`python -m deskwire.keys`: make a desk's keys, change them with an overlap, show what is published."""

import argparse
import sys
from datetime import timedelta
from pathlib import Path

from deskwire.keys.files import load_public_set, new_key, pair_of, rotate, write_pair
from deskwire.moments import to_wire, utc_now
from deskwire.suites import SUITES


def main(arguments: list[str] | None = None) -> int:
    """Run the key tool and return its exit code."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except (OSError, ValueError) as error:
        sys.stderr.write(f"deskwire.keys: {error}\n")
        return 1


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")


def _new(options: argparse.Namespace) -> int:
    if (options.out / f"{options.desk}.key.json").exists():
        raise ValueError(f"{options.desk} already has a key there; use `rotate` to change it")
    now = utc_now()
    private, public = write_pair(new_key(options.desk, now, options.alg), options.out, now)
    _say(f"private key (keep): {private}\npublic keys (give to the other desk): {public}")
    return 0


def _rotate(options: argparse.Namespace) -> int:
    key = rotate(options.out, options.desk, utc_now(), timedelta(days=options.overlap_days))
    _say(f"{key.key_id} signs from now on; older keys stay good for {options.overlap_days} days.")
    _, public = pair_of(options.out, options.desk)
    _say(f"Give {public} to the other desk before restarting this one.")
    return 0


def _show(options: argparse.Namespace) -> int:
    for key in load_public_set(options.file):
        ends = to_wire(key.not_after) if key.not_after else "withdrawn"
        _say(f"{key.desk}  {key.key_id}  {key.alg}  good until {ends}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m deskwire.keys", description=__doc__)
    commands = parser.add_subparsers(required=True)
    new = commands.add_parser("new", help="make the first key of a desk")
    new.add_argument("--alg", default="ed25519", choices=sorted(SUITES))
    new.set_defaults(run=_new)
    change = commands.add_parser("rotate", help="make a new key; the old one stays good for a while")
    change.add_argument("--overlap-days", type=int, default=7)
    change.set_defaults(run=_rotate)
    for command in (new, change):
        command.add_argument("--desk", required=True, help="desk id, such as desk-110")
        command.add_argument("--out", type=Path, required=True, help="directory of the key files")
    show = commands.add_parser("show", help="list the keys in a public key file")
    show.add_argument("file", type=Path)
    show.set_defaults(run=_show)
    return parser


if __name__ == "__main__":
    sys.exit(main())
