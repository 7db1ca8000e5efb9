"""The kinds of conference, as data: on which basis, the most that is told, whether somebody must have agreed."""

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources

from qingting.linkage.states import Basis

TOLD = {"age": "年龄段", "gender": "性别", "category": "案由", "risk": "风险等级"}
"""What a kind may tell, and how a page names it. No name, number or place of a person is among it."""


@dataclass(frozen=True, slots=True)
class ConferenceKind:
    """tells: names of `TOLD`, the most that the guests are told beside the words somebody writes."""

    code: str
    label: str
    basis: Basis
    ground: str
    tells: tuple[str, ...]

    @property
    def needs_consent(self) -> bool:
        """Whether the person, or the guardian, must have agreed."""
        return self.basis in {Basis.CONSENT, Basis.GUARDIAN_CONSENT}

    @property
    def told_words(self) -> str:
        """What may be told, in words."""
        return "、".join(TOLD[name] for name in self.tells)


@cache
def kinds() -> dict[str, ConferenceKind]:
    """Every kind by its code, in the order of the data file."""
    text = resources.files("qingting.conferences").joinpath("data", "conference-kinds.json").read_text("utf-8")
    return {row["code"]: _kind(row) for row in json.loads(text)["kinds"]}


def _kind(row: dict[str, object]) -> ConferenceKind:
    tells = row["tells"]
    if not isinstance(tells, list) or not set(tells) <= set(TOLD):
        raise ValueError(f"{row['code']} tells something unknown")
    return ConferenceKind(
        str(row["code"]), str(row["label"]), Basis(str(row["basis"])), str(row["words"]), tuple(tells)
    )
