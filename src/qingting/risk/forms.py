"""Between the panel and the assessment: what a posted form says, and what the form shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from qingting.directory.states import Urgency
from qingting.risk.services import DRAFT_FIELDS, Judgement
from qingting.risk.states import QUESTIONS, UNKNOWN, WhereaboutsSource

LEVEL_HINTS = {
    Urgency.CRITICAL: "现在就可能出事，需要马上介入",
    Urgency.URGENT: "有危险，今天要有人接手",
    Urgency.ROUTINE: "没有现实的危险，继续陪伴",
}


@dataclass(frozen=True, slots=True)
class Option:
    """One answer."""

    value: str
    label: str
    chosen: bool
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question with its answers; 还没问到 is chosen until somebody has asked."""

    name: str
    label: str
    ask: str
    options: list[Option]


def typed_from(posted: QueryDict) -> dict[str, Any]:
    """The fields of the form as a page sent them."""
    return {name: posted.get(name, "") for name in DRAFT_FIELDS if name in posted}


def answers_from(posted: Mapping[str, Any]) -> dict[str, str]:
    """The answers; a question that was not sent counts as not asked yet."""
    return {name: str(posted.get(name, UNKNOWN)) for name in QUESTIONS}


def judgement_from(posted: QueryDict, machine_level: str) -> Judgement:
    """What the person decided."""
    words = {name: str(posted.get(name, "")) for name in ("reason", "protective_factors", "whereabouts")}
    return Judgement(
        answers=answers_from(posted),
        level=str(posted.get("level", "")),
        whereabouts_source=str(posted.get("whereabouts_source", "")),
        machine_level=machine_level,
        **words,
    )


def asked(values: Mapping[str, Any]) -> list[Asked]:
    """The questions in the order of a conversation."""
    return [
        Asked(
            name,
            question.label,
            question.ask,
            [Option(code, label, code == values.get(name, UNKNOWN)) for code, label in question.answers.items()],
        )
        for name, question in QUESTIONS.items()
    ]


def levels(chosen: str) -> list[Option]:
    """The three levels, each with a line that says what it means."""
    return [Option(level.value, str(level.label), level == chosen, LEVEL_HINTS[level]) for level in Urgency]


def sources(chosen: str) -> list[Option]:
    """How the whereabouts are known."""
    return [Option(source.value, str(source.label), source == chosen) for source in WhereaboutsSource]
