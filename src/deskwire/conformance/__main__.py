"""`python -m deskwire.conformance`: test a desk against the protocol; exits with 1 when a case fails."""

import argparse
import sys
from pathlib import Path

import httpx

from deskwire.conformance.caller import Caller
from deskwire.conformance.report import as_json, in_words, run
from deskwire.keys import FileKeyring, Identity, Party, load_private


def main(arguments: list[str] | None = None) -> int:
    """Run the conformance test and return its exit code."""
    options = _parser().parse_args(arguments)
    try:
        key = load_private(options.key)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"deskwire.conformance: {error}\n")
        return 2
    me = Identity(Party(options.desk or key.desk, options.region), key)
    keyring = FileKeyring(options.peer_key) if options.peer_key else None
    with httpx.Client(base_url=options.url, timeout=10, trust_env=False) as http:
        caller = Caller(http, me, Party(options.peer_desk, options.peer_region), keyring)
        outcomes = run(caller, options.reply_timeout, options.only or ())
    report = as_json if options.json else in_words
    sys.stdout.write(report(outcomes, options.peer_desk) + "\n")
    return 1 if any(item.outcome == "failed" for item in outcomes) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m deskwire.conformance", description=__doc__)
    parser.add_argument("--url", required=True, help="root URL of the desk under test")
    parser.add_argument("--key", required=True, type=Path, help="private key file of the desk that the test plays")
    parser.add_argument("--desk", help="id of the desk that the test plays (default: the key's)")
    parser.add_argument("--region", default="440100", help="its GB/T 2260 code")
    parser.add_argument("--peer-desk", default="desk-110", help="id of the desk under test")
    parser.add_argument("--peer-region", default="440106", help="its GB/T 2260 code")
    parser.add_argument("--peer-key", type=Path, help="its public key file; without it answers are not proven")
    parser.add_argument("--reply-timeout", type=float, default=0.0, help="seconds to wait for a 签收 (0: do not)")
    parser.add_argument("--only", action="append", help="run only this case (may be given again)")
    parser.add_argument("--json", action="store_true", help="report as JSON")
    return parser


if __name__ == "__main__":
    sys.exit(main())
