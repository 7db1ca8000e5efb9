"""Keeps a test run on this machine: a connection to anywhere else fails and says so."""

from __future__ import annotations

import ipaddress
import socket
from typing import Any

_connect = socket.socket.connect
_connect_ex = socket.socket.connect_ex


def keep_to_loopback() -> None:
    """From now on this process connects to loopback addresses and local sockets only."""
    socket.socket.connect = _guarded_connect  # type: ignore[assignment, method-assign]
    socket.socket.connect_ex = _guarded_connect_ex  # type: ignore[assignment, method-assign]


def release() -> None:
    """Undo it."""
    socket.socket.connect = _connect  # type: ignore[method-assign]
    socket.socket.connect_ex = _connect_ex  # type: ignore[method-assign]


def _guarded_connect(self: socket.socket, address: Any) -> None:
    _require_loopback(self, address)
    _connect(self, address)


def _guarded_connect_ex(self: socket.socket, address: Any) -> int:
    _require_loopback(self, address)
    return _connect_ex(self, address)


def _require_loopback(connection: socket.socket, address: Any) -> None:
    if connection.family not in (socket.AF_INET, socket.AF_INET6) or address[0] == "localhost":
        return
    try:
        near = ipaddress.ip_address(address[0]).is_loopback
    except ValueError:
        near = False
    if not near:
        raise ConnectionRefusedError(f"a test tried to reach {address[0]}; tests stay on this machine")
