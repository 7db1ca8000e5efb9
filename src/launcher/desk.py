"""The reference 110 desk beside the platform.

It is a stranger: it gets the platform's address and public key, its own folder, and nothing of the platform's
database. Each side publishes its key in its own folder, and finds the other's there when it appears.
"""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path

from launcher.secret_files import write_secret
from launcher.services import Service, answers_http

PLATFORM = "desk-12355"
OPERATORS = ("110001", "110002")
KEPT_FROM_IT = ("DATABASE_URL", "QINGTING_", "DJANGO_")


def service(var: Path, *, http_port: int, desk_port: int, telephone: str = "") -> Service:
    command = [
        *(sys.executable, "-m", "policedesk", "--demo", "--port", str(desk_port)),
        *("--data", str(folder(var)), "--peer-url", f"http://127.0.0.1:{http_port}"),
        *("--peer-desk", os.environ.get("QINGTING_DESK_ID", PLATFORM)),
        *("--peer-key", str(var / "keys" / "12355.pub.json")),
        *("--telephone-address", telephone),
        *("--telephone-password-file", str(var / "keys" / "desk-110-telephone")),
    ]
    return Service("desk", command, environment(var), ready=answers_http(desk_port, "/healthz"))


def environment(var: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(KEPT_FROM_IT)}
    return {**kept, "PYTHONUNBUFFERED": "1", "POLICEDESK_DEMO_PASSWORD": demo_password(var)}


def accounts(var: Path) -> str:
    """The demonstration's operators, for the person who started it."""
    return f"{' / '.join(OPERATORS)}  {demo_password(var)}"


def demo_password(var: Path) -> str:
    """One for this folder, made once: a desk that is started again keeps it."""
    path = folder(var) / "demo.password"
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_secret(path, secrets.token_urlsafe(12))
    return path.read_text()


def folder(var: Path) -> Path:
    return var / "policedesk"
