"""The transparent rule of the assessment: answers → a proposed level with its reasons. It proposes; a person decides.

The worst answer wins. A rule holds when each of its answers is at or beyond the one it names, so a worse answer can never lower
what is proposed; 还没问到 never lowers either. The table with its sources is `data/thresholds.json`.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from qingting.directory.states import Urgency
from qingting.risk.states import QUESTIONS, UNKNOWN

DATA = Path(__file__).with_name("data") / "thresholds.json"
LEVELS = (Urgency.ROUTINE, Urgency.URGENT, Urgency.CRITICAL)  # from low to high

Answers = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rule:
    """level: proposed when the rule holds; at_least: answer by question; unasked: questions for which 还没问到 counts as
    reached; item: the number on the list 12355→110, or None; why: what the counsellor reads."""

    level: str
    at_least: Mapping[str, str]
    why: str
    item: int | None = None
    unasked: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Table:
    """The rules in the order in which their items are proposed, with their source."""

    version: str
    source: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a level is proposed: the questions and answers that count, in words."""

    question: str
    answer: str
    why: str
    level: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """level: CRITICAL, URGENT or ROUTINE; item: number on the list 12355→110, or None; reasons: the gravest first;
    unasked: the questions still to ask, in words."""

    level: str
    item: int | None
    reasons: tuple[Reason, ...]
    unasked: tuple[str, ...]


@cache
def table() -> Table:
    """The rules as shipped."""
    raw = json.loads(DATA.read_text("utf-8"))
    rules = tuple(
        Rule(
            rule["level"],
            rule["at_least"],
            rule["why"],
            rule.get("item"),
            frozenset(rule.get("unasked", ())),
        )
        for rule in raw["rules"]
    )
    return Table(raw["version"], raw["source"], rules)


def problems(answers: Answers) -> list[str]:
    """Questions without a valid answer; 还没问到 is one."""
    return [name for name, question in QUESTIONS.items() if answers.get(name) not in question.answers]


def propose(answers: Answers) -> Proposal:
    """The level the answers call for. A question that is missing counts as not asked yet."""
    known = {name: answers.get(name) or UNKNOWN for name in QUESTIONS}
    held = [rule for rule in table().rules if _holds(rule, known)]
    level = max((rule.level for rule in held), key=severity, default=Urgency.ROUTINE)
    item = next((rule.item for rule in held if rule.item is not None), None)
    reasons = sorted(_reasons(held, known), key=lambda reason: -severity(reason.level))
    unasked = tuple(question.label for name, question in QUESTIONS.items() if known[name] == UNKNOWN)
    return Proposal(str(level), item, tuple(reasons), unasked)


def severity(level: str) -> int:
    """0 where there is no level, then ROUTINE 1, URGENT 2, CRITICAL 3."""
    return LEVELS.index(Urgency(level)) + 1 if level else 0


def _holds(rule: Rule, known: Answers) -> bool:
    asked = all(_reached(name, known[name], least) for name, least in rule.at_least.items())
    return asked and all(known[name] == UNKNOWN for name in rule.unasked)


def _reached(name: str, answer: str, least: str) -> bool:
    order = QUESTIONS[name].order
    return answer in order and order.index(answer) >= order.index(least)


def _reasons(held: Iterable[Rule], known: Answers) -> Iterable[Reason]:
    """One reason for each explanation; two rules that say the same count once."""
    said: dict[str, Reason] = {}
    for rule in held:
        said.setdefault(rule.why, _reason(rule, known))
    return said.values()


def _reason(rule: Rule, known: Answers) -> Reason:
    names = [*rule.at_least, *sorted(rule.unasked)]
    return Reason(
        question="、".join(QUESTIONS[name].label for name in names),
        answer="；".join(QUESTIONS[name].answers[known[name]] for name in names),
        why=rule.why,
        level=rule.level,
    )


def needs_words(level: str, *, proposed: str, machine: str = "") -> bool:
    """Whether choosing `level` has to be explained: it stands below what the answers or the machine's signs call for."""
    return severity(level) < max(severity(proposed), severity(machine))


def cssrs_risk(answers: Answers) -> str:
    """C-SSRS triage, the worst answer wins: intent or plan in the past month, or behaviour within three months, is HIGH; a
    method or older behaviour MODERATE; a wish or thoughts LOW. 还没问到 counts as nothing said, and never lowers anything."""
    if "YES" in (answers.get("intent"), answers.get("plan")) or answers.get("behaviour") == "RECENT":
        return "HIGH"
    if answers.get("method") == "YES" or answers.get("behaviour") == "LIFETIME":
        return "MODERATE"
    return "LOW" if "YES" in (answers.get("wish_dead"), answers.get("thoughts")) else "NONE"


# What a screener's risk calls for at least; the person chooses (the same table as thresholds.json names beside its rules).
CSSRS_LEVELS = {"HIGH": "URGENT", "MODERATE": "URGENT", "LOW": "ROUTINE", "NONE": "ROUTINE"}


def fresh_token() -> str:
    """The secret of a private page: 192 random bits, 32 characters that stand in an address."""
    return secrets.token_urlsafe(24)


def digest(token: str) -> bytes:
    """What is stored of it: SHA-256, 32 bytes."""
    return hashlib.sha256(token.encode()).digest()


def read_draft(text: str) -> dict[str, Any]:
    """A draft from its stored text."""
    draft: dict[str, Any] = json.loads(text)
    return draft
