"""Searching everything one may see: each room answers for its own rows, within the asker's rights.

A provider is `(actor, text, *, at) -> list[dict]`, one dict for each group: `title`, `results` and where wanted `more_url`.
A result is a dict of `title`, `line`, `url` and where it has them `level` with `level_label`, and `state`, in words. It never
shows more of a person than the vault's masked form. What is searched for may be a name or a telephone number, so it never
stands in an address: it is posted, sealed for the session that asked, and carried on as an opaque word.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.module_loading import import_string

from qingting.core import crypto
from qingting.core.actors import Actor

Provider = Callable[..., list[dict[str, Any]]]

PROVIDERS: list[str] = [
    "qingting.seekers.searching.found",
    "qingting.cases.searching.found",
    "qingting.orders.searching.found",
    "qingting.linkage.searching.found",
    "qingting.contacts.searching.found",
    "qingting.staff.searching.found",
]
SHORTEST = 2
LONGEST = 60


@dataclass(frozen=True, slots=True)
class Result:
    """One row: its title, a line that tells it from others, its page. level: CRITICAL, URGENT, ROUTINE or none, with its
    word in level_label; state: how far it has come, in words."""

    title: str
    line: str
    url: str
    level: str = ""
    level_label: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """What one room found."""

    title: str
    results: list[Result]
    more_url: str = ""


def found(actor: Actor, text: str, *, at: datetime) -> list[Group]:
    """Groups with at least one result, in the order of the list; nothing for a text too short to search for."""
    if len(text) < SHORTEST:
        return []
    told = [group for name in PROVIDERS for group in import_string(name)(actor, text, at=at)]
    return [
        Group(group["title"], [Result(**result) for result in group["results"]], group.get("more_url", ""))
        for group in told
        if group["results"]
    ]


def sealed(text: str, session_id: int) -> str:
    """The text as an opaque word for an address, readable only within the same session."""
    envelope = crypto.seal(text.strip()[:LONGEST], field=_field(session_id))
    return base64.urlsafe_b64encode(envelope).decode("ascii").rstrip("=")


def unsealed(word: str, session_id: int) -> str:
    """The inverse; "" for anything that was not sealed for this session."""
    try:
        envelope = base64.urlsafe_b64decode(word + "=" * (-len(word) % 4))
        return crypto.unseal(envelope, field=_field(session_id))
    except ValueError:
        return ""


def _field(session_id: int) -> str:
    return f"workbench.search.{session_id}"
