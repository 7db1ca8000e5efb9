"""The whole evaluation of a version, before → after: pure accounts over rows with a known answer, and over traffic without.

Sets of rows: EVALUATION (the product's own behaviour set, never taught), WRITTEN (the sentences the models learn from),
CONFIRMED (counsellors' corrections that a second person confirmed), RULES (each rule's own sentences).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from qingting.lexicon.rules import raised_by
from qingting.screening import Screening, level_label, screen
from qingting.screening.corpus import by_hand, kept_for_measuring
from qingting.screening.editions import Edition, reading
from qingting.screening.rules import rules
from qingting.screening.signs import rank

SETS = {"EVALUATION": "随产品的评测句", "WRITTEN": "手写的训练句", "CONFIRMED": "坐席更正（已确认）"}
CODES = {"特急": "CRITICAL", "紧急": "URGENT", "一般": "ROUTINE"}
MOST_SHOWN = 60  # sentences that change are listed up to here
CRITICAL = "CRITICAL"


@dataclass(frozen=True, slots=True)
class Labelled:
    """One text with its answer. type, level: '' where it is harmless; group: the phenomenon it stands for."""

    set: str
    text: str
    type: str
    level: str
    group: str = ""


def material(confirmed: list[Labelled]) -> list[Labelled]:
    """All rows with an answer, in a fixed order."""
    kept = [
        Labelled(
            "EVALUATION",
            row["text"],
            "" if row["expect"] == "none" else row["expect"],
            CODES.get(row["expect_level"], ""),
            row["phenomenon"],
        )
        for row in kept_for_measuring()
    ]
    taught = [Labelled("WRITTEN", row.text, row.type or "", row.level or "") for row in by_hand()]
    return [*confirmed, *kept, *taught]


def nothing_yet() -> dict[str, Any]:
    """The account before the first row."""
    return {"at": 0, "cells": {}, "groups": {}, "changes": [], "wrong": [], "traffic": {"read": 0}}


def account(measures: dict[str, Any], rows: list[Labelled], before: Edition, after: Edition) -> None:
    """Add rows to the account."""
    for row in rows:
        with reading(before):
            was = screen(row.text)
        with reading(after):
            now = screen(row.text)
        _count(measures["cells"].setdefault(row.set, {}), row, was, now)
        if row.group:
            _count(measures["groups"].setdefault(row.group, {}), row, was, now)
        if was.alert != now.alert or was.level != now.level:
            _note(measures["changes"], row, was, now)
        if row.set == "CONFIRMED" and not _right(row, now):
            measures["wrong"].append(
                {"text": row.text, "type": row.type, "level": row.level, "before": _right(row, was)}
            )


def _right(row: Labelled, found: Screening) -> bool:
    return row.type in found.types if row.type else not found.alert


def _count(cell: dict[str, Any], row: Labelled, was: Screening, now: Screening) -> None:
    kind = "danger" if row.type else "calm"
    _add(cell, kind, was.alert, now.alert)
    if row.level == CRITICAL:
        _add(cell, "critical", was.level == CRITICAL, now.level == CRITICAL)


def _add(cell: dict[str, Any], name: str, was: bool, now: bool) -> None:
    total, before, after = cell.get(name, (0, 0, 0))
    cell[name] = [total + 1, before + was, after + now]


def _note(changes: list[dict[str, str]], row: Labelled, was: Screening, now: Screening) -> None:
    if len(changes) < MOST_SHOWN:
        said = {"text": row.text, "set": row.set, "expected": level_label(row.level or None)}
        changes.append({**said, "before": level_label(was.level), "after": level_label(now.level)})


def broken_sentences(after: Edition) -> list[str]:
    """Ids of rules that do not keep to their own sentences under this edition."""
    with reading(after):
        return [rule.id for rule in rules() if not _keeps(rule.id, rule.hits, rule.misses)]


def _keeps(id_: str, hits: tuple[str, ...], misses: tuple[str, ...]) -> bool:
    return all(id_ in raised_by(text) for text in hits) and not any(id_ in raised_by(text) for text in misses)


def refusal(measures: dict[str, Any]) -> str:
    """Why a version may not come into use; '' where people may decide. 特急 must never be recalled less."""
    fallen = [
        f"{SETS[name]}里的特急由{cell['critical'][1]}句降到{cell['critical'][2]}句"
        for name, cell in measures["cells"].items()
        if "critical" in cell and cell["critical"][2] < cell["critical"][1]
    ]
    if fallen:
        return "；".join(fallen) + "。特急的识别不许下降。"
    if measures.get("broken"):
        return f"有规则不再符合自己的例句：{'、'.join(measures['broken'][:5])}。"
    return ""


@dataclass(frozen=True, slots=True)
class Shift:
    """How one message of the traffic is read before and after: '' for no danger."""

    before: str
    after: str
    types: str

    @property
    def kind(self) -> str:
        """NEW, RAISED, LOWERED or GONE."""
        if not self.before:
            return "NEW"
        if not self.after:
            return "GONE"
        return "RAISED" if rank(self.after) > rank(self.before) else "LOWERED"


SHIFTS = {"NEW": "新标出", "RAISED": "等级变高", "LOWERED": "等级变低", "GONE": "不再标出"}


def shift(text: str, before: Edition, after: Edition) -> Shift | None:
    """How a message's reading changes; None where its level stays."""
    with reading(before):
        was = screen(text)
    with reading(after):
        now = screen(text)
    if was.level == now.level:
        return None
    return Shift(was.level or "", now.level or "", ",".join((now if now.alert else was).types[:4]))


@dataclass(frozen=True, slots=True)
class Share:
    """One line of the table: a count before and after of a total, and as a share in per cent."""

    label: str
    total: int
    before: int
    after: int

    @property
    def shares(self) -> tuple[str, str]:
        """In per cent with one place."""
        return f"{100 * self.before / self.total:.1f}%", f"{100 * self.after / self.total:.1f}%"

    @property
    def worse(self) -> bool:
        """Fewer dangers seen, or more look-alikes raised."""
        return self.after > self.before if "误报" in self.label else self.after < self.before


LABELS = {"danger": "认出危险", "critical": "特急判为特急", "calm": "误报"}


def table(measures: dict[str, Any]) -> Iterator[tuple[str, list[Share]]]:
    """(set in words, its lines)."""
    for name, label in SETS.items():
        cell = measures.get("cells", {}).get(name)
        if cell:
            yield label, [Share(LABELS[kind], *cell[kind]) for kind in LABELS if kind in cell]


def groups_that_changed(measures: dict[str, Any]) -> list[tuple[str, Share]]:
    """Phenomena of the evaluation in which anything moves."""
    rows = [
        (name, Share(LABELS[kind], *counts))
        for name, cell in sorted(measures.get("groups", {}).items())
        for kind, counts in cell.items()
    ]
    return [(name, share) for name, share in rows if share.before != share.after]
