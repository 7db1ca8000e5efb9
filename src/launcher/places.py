"""Folders and ports, and the environment variables that move them."""

from __future__ import annotations

import os
import random
import socket
from pathlib import Path

from launcher.errors import LaunchError

ROOT = Path(__file__).resolve().parents[2]


def var_folder() -> Path:
    """Everything this machine keeps: data, keys, logs. `QINGTING_VAR`, else `var` beside the code."""
    return Path(os.environ.get("QINGTING_VAR") or ROOT / "var").absolute()


def port_from(variable: str, default: int) -> int:
    """The port named by an environment variable. Raises `LaunchError` for anything but 1–65535."""
    written = os.environ.get(variable) or str(default)
    if not written.isdecimal() or not 0 < int(written) < 65536:
        raise LaunchError(
            f"{variable}={written} 不是端口号。{variable}={written} is not a port.",
            do_next=f"Set {variable} to a number from 1 to 65535.",
        )
    return int(written)


def require_free(port: int, variable: str, purpose: str) -> None:
    """Raise `LaunchError` naming the port and its variable where another program listens on it."""
    if not is_free(port):
        raise LaunchError(
            f"端口 {port}（{purpose}）已被占用。Port {port} ({purpose}) is taken by another program.",
            do_next=f"Stop that program, or choose another port: {variable}={port + 1}",
        )


def is_free(port: int) -> bool:
    return _can_bind(port, socket.SOCK_STREAM)


def is_free_for_datagrams(port: int) -> bool:
    return _can_bind(port, socket.SOCK_DGRAM)


def _can_bind(port: int, kind: socket.SocketKind) -> bool:
    with socket.socket(socket.AF_INET, kind) as probe:
        if kind == socket.SOCK_STREAM:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def any_free_port() -> int:
    """A free port below those lent to outgoing connections, so that it is still free after a restart."""
    while not is_free(port := random.randrange(20_000, 32_000)):  # noqa: S311  (a port is no secret)
        pass
    return port
