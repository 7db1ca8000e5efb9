"""The demonstration's accounts, as the command `demo-accounts` prints them."""

import re
from dataclasses import dataclass
from pathlib import Path

_SECRET = re.compile(r"[A-Z2-7]{32}")


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """Who may sign in: `secret` is the authenticator's, in base32."""

    username: str
    password: str
    secret: str
    roles: str
    organisations: str


def read_table(text: str) -> dict[str, DemoAccount]:
    """The accounts by username. Columns stand at least two blanks apart: roles, username, password, where, secret, code."""
    rows = (re.split(r"\s{2,}", line.strip()) for line in text.splitlines())
    found = (row for row in rows if len(row) >= 5 and _SECRET.fullmatch(row[4]))
    return {row[1]: DemoAccount(row[1], row[2], row[4], row[0], row[3]) for row in found}


@dataclass(frozen=True, slots=True)
class DeskAccount:
    """An operator of the reference desk."""

    code: str
    password: str


def desk_account(var: Path, code: str = "110001") -> DeskAccount:
    """The desk's demonstration operator; its password lies beside the desk's data."""
    return DeskAccount(code, (var / "policedesk" / "demo.password").read_text("ascii").strip())
