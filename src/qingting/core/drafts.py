"""Drafts of forms: what several windows type into one form is merged field by field, so that none wipes another. Pure.

A draft is `{field: {"value", "version", "tab", "before": [earlier {"value", "version", "tab"}]}}`. A form always sends all its
fields, so a value that a window never touched must be told from one that was typed there: it equals what that window was
shown when it opened.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Draft = Mapping[str, Mapping[str, Any]]
MOST_BEFORE = 10


@dataclass(frozen=True, slots=True)
class Typed:
    """What one window sends: its fields, the draft's version when it was opened, and a name of its own (`tab`)."""

    values: Mapping[str, Any]
    version: int = 0
    tab: str = ""


@dataclass(frozen=True, slots=True)
class _Context:
    typed: Typed
    version: int
    origin: Mapping[str, Any] = field(default_factory=dict)


def merged(draft: Draft, typed: Typed, *, version: int, origin: Mapping[str, Any]) -> dict[str, Any]:
    """The draft with what was typed, as version `version`. origin: what a form shows where the draft has nothing.

    The newest value that somebody typed stands; what it replaced is kept in `before`.
    """
    context = _Context(typed, version, origin)
    fresh = {name: _field(draft.get(name), name, value, context) for name, value in typed.values.items()}
    return {**draft, **{name: entry for name, entry in fresh.items() if entry is not None}}


def _field(entry: Mapping[str, Any] | None, name: str, value: Any, context: _Context) -> Any:
    origin = context.origin.get(name, "")
    if entry is None:
        return None if value == origin else _entry(value, context, [])
    if value == entry["value"] or _untouched(entry, value, origin, context.typed):
        return None
    if entry["tab"] == context.typed.tab:
        return _entry(value, context, entry["before"])
    earlier = {key: entry[key] for key in ("value", "version", "tab")}
    return _entry(value, context, [*entry["before"], earlier][-MOST_BEFORE:])


def _entry(value: Any, context: _Context, before: list[Any]) -> dict[str, Any]:
    return {"value": value, "version": context.version, "tab": context.typed.tab, "before": before}


def _untouched(entry: Mapping[str, Any], value: Any, origin: Any, typed: Typed) -> bool:
    """Whether the window only sends back what it was shown, while somebody else has typed since."""
    if entry["tab"] == typed.tab or entry["version"] <= typed.version:
        return False
    own = [earlier["value"] for earlier in entry["before"] if earlier["tab"] == typed.tab]
    shown = [earlier["value"] for earlier in entry["before"] if earlier["version"] <= typed.version]
    return bool(value == (own or shown or [origin])[-1])


def values(draft: Draft) -> dict[str, Any]:
    """The fields as they stand: `{field: value}`."""
    return {name: entry["value"] for name, entry in draft.items()}
