"""Between the pages and the services: what posted forms say, and what the forms show."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from qingting.lexicon import rules
from qingting.screening import LEVELS, TYPES, level_label, type_label
from qingting.screening.guards import changeable
from qingting.screening.lexicon import classes
from qingting.screening.rules import Rule

CLASS_SAMPLE = 4  # words of a class shown in its option
EMPTY: dict[str, Any] = {
    "id": rules.OWN,
    "type": "",
    "level": "",
    "owner": "本单位",
    "strength": 0.85,
    "guards": ["negation", "idiom", "media"],
    "patterns": [],
    "hits": [],
    "misses": [],
}


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a list."""

    value: str
    label: str
    chosen: bool = False


def lines_of(text: str) -> list[str]:
    """The lines of a text field, without blank ones."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def rule_from(posted: QueryDict, before: Mapping[str, Any] | None) -> dict[str, Any]:
    """The fields of a rule as a page sent them; its id stays where it stood there before."""
    said = posted.get("strength", "")
    kept = before["strength"] if before and said == str(before["strength"]) else None
    return {
        "id": before["id"] if before else posted.get("id", "").strip(),
        "type": posted.get("type", ""),
        "level": posted.get("level", ""),
        "owner": before["owner"] if before else "本单位",
        "strength": kept or (float(said) if said in rules.STRENGTHS else 0.0),
        "guards": [guard for guard in posted.getlist("guards") if guard in rules.GUARD_NAMES],
        **{name: lines_of(posted.get(name, "")) for name in ("patterns", "hits", "misses")},
    }


def types(chosen: str = "") -> list[Option]:
    """Every danger type."""
    return [Option(code, type_label(code), code == chosen) for code in TYPES]


def levels(chosen: str = "") -> list[Option]:
    """The three levels, gravest first."""
    return [Option(code, level_label(code), code == chosen) for code in LEVELS]


def strengths(chosen: float) -> list[Option]:
    """How sure a hit is; a shipped rule's own value stands among them."""
    known = dict(rules.STRENGTHS)
    known.setdefault(str(chosen), f"原来的（{chosen}）")
    return [Option(value, label, value == str(chosen)) for value, label in known.items()]


def guards(chosen: list[str]) -> list[Option]:
    """Every guard that a rule may ask."""
    return [Option(code, label, code in chosen) for code, label in rules.GUARD_NAMES.items()]


def word_classes() -> list[Option]:
    """Every word class with some of its words, so that people know what it holds."""
    return [Option(name, f"{name}（{'、'.join(words[-CLASS_SAMPLE:])}…）") for name, words in classes().items()]


def guard_places() -> list[Option]:
    """Every guard that takes words, with what a word there does."""
    return [
        Option(f"{guard}:{key}", f"{rules.guard_name(guard)} — {rules.KEYS[key]}")
        for guard, keys in changeable().items()
        for key in keys
    ]


def as_text(row: Mapping[str, Any]) -> dict[str, Any]:
    """A rule as the form's fields."""
    lists = {name: "\n".join(row[name]) for name in ("patterns", "hits", "misses")}
    return {**row, **lists}


def shown(rule: Rule, touched: Mapping[str, Any]) -> dict[str, Any]:
    """A rule as the list shows it."""
    return {
        "rule": rule,
        "type": type_label(rule.type),
        "level": level_label(rule.level),
        "guards": "、".join(rules.guard_name(guard) for guard in rule.guards),
        "own": rule.id in touched,
    }
