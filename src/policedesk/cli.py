"""Starting the desk, and managing its operators from the command line."""

import getpass
import logging
import secrets
import socket
import sys
from collections.abc import Sequence

import uvicorn

from deskwire.moments import utc_now
from policedesk.database import Database
from policedesk.desk import Parts, assemble
from policedesk.operators import Operators
from policedesk.settings import Settings, read_settings
from policedesk.web.app import make_app

DEMO = (("110001", "陈警官"), ("110002", "林警官"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the desk; `operator CODE NAME [options]` saves an operator's account instead."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["operator"]:
        return _save_operator(given[1], given[2], read_settings(given[3:])) if len(given) >= 3 else _usage()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    settings = read_settings(given)
    parts = assemble(settings)
    if settings.demo:
        _say(_demo_operators(parts, settings))
    elif not parts.operators.any_exist():
        _say("No operator yet: python -m policedesk operator CODE NAME --data DIR")
    _serve(parts, settings)
    return 0


def _serve(parts: Parts, settings: Settings) -> None:
    listener = socket.create_server((settings.host, settings.port))
    _say(f"110 desk: http://{settings.host}:{listener.getsockname()[1]}/")
    config = uvicorn.Config(
        make_app(parts),
        log_level="warning",
        timeout_graceful_shutdown=2,
        server_header=False,
        access_log=False,
    )
    uvicorn.Server(config).run(sockets=[listener])


def _demo_operators(parts: Parts, settings: Settings) -> str:
    lines = []
    for code, name in DEMO:
        password = settings.demo_password or secrets.token_urlsafe(9)
        parts.operators.keep(code, name, password)
        lines.append(f"demo operator {code} {name} password {password}")
    return "\n".join(lines)


def _save_operator(code: str, name: str, settings: Settings) -> int:
    password = getpass.getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    if len(password) < 12:
        sys.stderr.write("A password needs at least 12 characters.\n")
        return 1
    Operators(Database(settings.data), utc_now).save(code, name, password)
    _say(f"operator {code} saved")
    return 0


def _usage() -> int:
    sys.stderr.write("usage: python -m policedesk operator CODE NAME [--data DIR]\n")
    return 2


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
