"""Self-help: guided exercises and published scales, as data; and what a scale's answers mean. Pure, nothing is stored.

A scale points to a talk. It never lowers anything: an answer above zero to its item of danger counts whatever the sum.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from qingting.knowledge.prior import DATA


@dataclass(frozen=True, slots=True)
class Step:
    title: str
    words: str


@dataclass(frozen=True, slots=True)
class Module:
    """One exercise; breathing: whether its second step has the circle."""

    code: str
    title: str
    short: str
    lead: str
    steps: tuple[Step, ...]
    breathing: bool = False


@dataclass(frozen=True, slots=True)
class Band:
    """What a sum up to `upto` is called and means, in words for the person."""

    upto: int
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Scale:
    """A published scale; answers are 0..3 each. offer_from: the sum from which a person is offered; danger_item: its number, 0 for none."""

    code: str
    title: str
    short: str
    ask: str
    source: str
    offer_from: int
    danger_item: int
    items: tuple[str, ...]
    bands: tuple[Band, ...]
    options: tuple[str, ...]

    @property
    def highest(self) -> int:
        """The greatest sum there can be."""
        return len(self.items) * (len(self.options) - 1)


@dataclass(frozen=True, slots=True)
class Result:
    """sum; its band; danger: the item of danger was answered above zero; offer: a person is offered."""

    sum: int
    band: Band
    danger: bool
    offer: bool


@cache
def modules(language: str = "") -> dict[str, Module]:
    """The exercises by code, in order. language: such as `en`; Chinese where there are none in it."""
    return {row["code"]: _module(row) for row in _read("modules", language)["module"]}


def _read(name: str, language: str) -> dict[str, Any]:
    spoken = DATA / "selfhelp" / f"{name}.{language}.toml"
    return tomllib.loads((spoken if spoken.exists() else DATA / "selfhelp" / f"{name}.toml").read_text("utf-8"))


def _module(row: dict[str, Any]) -> Module:
    steps = tuple(Step(**step) for step in row["step"])
    return Module(row["code"], row["title"], row["short"], row["lead"], steps, bool(row.get("breathing")))


@cache
def scales(language: str = "") -> dict[str, Scale]:
    """The scales by code, in order; language as in `modules`. What goes to a counsellor is told of the Chinese ones."""
    raw = _read("scales", language)
    return {row["code"]: _scale(row, tuple(raw["options"])) for row in raw["scale"]}


def _scale(row: dict[str, Any], options: tuple[str, ...]) -> Scale:
    bands = tuple(Band(**band) for band in row["band"])
    plain = {name: value for name, value in row.items() if name not in {"band", "items"}}
    return Scale(**plain, items=tuple(row["items"]), bands=bands, options=options)


def answers_from(scale: Scale, given: Sequence[str]) -> tuple[int, ...] | None:
    """The answers as numbers; None where one is missing or no answer of the scale."""
    if len(given) != len(scale.items) or not set(given) <= {str(n) for n in range(len(scale.options))}:
        return None
    return tuple(int(answer) for answer in given)


def result_of(scale: Scale, answers: Sequence[int]) -> Result:
    """What the answers mean."""
    total = sum(answers)
    danger = bool(scale.danger_item) and answers[scale.danger_item - 1] > 0
    band = next(band for band in scale.bands if total <= band.upto)
    return Result(total, band, danger, offer=danger or total >= scale.offer_from)


def told(scale: Scale, answers: Sequence[int]) -> str:
    """What the seeker says to a counsellor with their result, in the first person, so that screening reads it as theirs."""
    result = result_of(scale, answers)
    words = f"我刚做了{scale.title}，{result.sum}分（满分{scale.highest}），{result.band.name}。"
    if result.danger:
        often = scale.options[answers[scale.danger_item - 1]]
        words += f"最近两个星期，我{scale.items[scale.danger_item - 1]}，{often}都这样。"
    return words
