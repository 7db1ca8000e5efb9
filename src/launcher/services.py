"""What the supervisor starts, as data."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from launcher.accounts import Identity


@dataclass(frozen=True)
class Service:
    """One program to be kept running, in the order of the list it stands in.

    `ready` is asked again and again until it is true; only then does the next one start. `clear` runs before
    a start that follows a crash. One that says that it lives (`pulse`) and is silent for `silent_seconds` is killed. A `foundation` is stopped after everything that stands on it. `hide` masks what
    must not stand in a log.
    """

    name: str
    command: list[str]
    environment: Mapping[str, str] | None = None
    identity: Identity = field(default_factory=Identity)
    ready: Callable[[], bool] = lambda: True
    clear: Callable[[], None] = lambda: None
    stop_signal: signal.Signals = signal.SIGTERM
    foundation: bool = False
    ready_seconds: float = 120
    stop_seconds: float = 15
    silent_seconds: float = 0
    hide: Callable[[str], str] = str


@dataclass(frozen=True)
class Task:
    """One program to be run to its end before the next one starts; its failure ends everything."""

    name: str
    command: list[str]
    environment: Mapping[str, str] | None = None


def answers_http(port: int, path: str) -> Callable[[], bool]:
    """Ready when this address of 127.0.0.1 answers; a health page that reports trouble (503) does answer."""

    def ask() -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        try:
            connection.request("GET", path)
            return connection.getresponse().status != 500
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    return ask


def reports_well(port: int, component: str) -> Callable[[], bool]:
    """Ready when the platform's health page says that this component is, whatever it says of all others (503)."""

    def ask() -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
                said = json.load(answer)
        except urllib.error.HTTPError as answer:
            said = _read(answer)
        except (OSError, ValueError):
            return False
        return bool(said.get("components", {}).get(component, {}).get("ok"))

    return ask


def _read(answer: urllib.error.HTTPError) -> dict[str, Any]:
    """What a page that reports trouble says; nothing where it is no JSON."""
    with answer:
        try:
            said: dict[str, Any] = json.load(answer)
        except ValueError:
            return {}
    return said


def accepts_connections(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=5):
            return True
    except OSError:
        return False
