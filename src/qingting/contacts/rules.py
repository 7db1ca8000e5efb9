"""Pure rules of the contact record: what its fields may hold, and which must be filled before it counts as registered."""

from collections.abc import Callable, Mapping
from enum import Enum
from functools import cache
from typing import Any

from qingting.contacts.states import CallerKind, Disposition, Schooling
from qingting.directory.states import Urgency
from qingting.screening import DangerSign, screen_note
from qingting.seekers.states import AgeBand, Gender, SpecialGroup

SUMMARY_LONGEST = 10_000
SIGNS_SHOWN = 5
DRAFT_LONGEST = 64_000  # characters of one draft with its history, as JSON
YES, NO = "yes", "no"

LABELS = {
    "caller_kind": "来电人身份",
    "age_band": "年龄段",
    "gender": "性别",
    "schooling": "学段或职业",
    "special_groups": "特殊群体",
    "declared_division": "所在地区",
    "number_division": "号码归属地",
    "category": "案由",
    "risk_level": "风险等级",
    "dispositions": "处理方式",
    "summary": "情况摘要",
    "follow_up_wanted": "是否需要回访",
}
REQUIRED = ("category", "caller_kind", "risk_level", "summary")
OF_THE_SEEKER = ("age_band", "gender", "special_groups")

_ONE_OF: dict[str, type[Enum]] = {
    "caller_kind": CallerKind,
    "age_band": AgeBand,
    "gender": Gender,
    "schooling": Schooling,
    "risk_level": Urgency,
}
_SOME_OF: dict[str, type[Enum]] = {"special_groups": SpecialGroup, "dispositions": Disposition}
_DIVISIONS = ("declared_division", "number_division")


@cache
def _codes(kind: type[Enum]) -> dict[str, None]:
    """The codes in their order."""
    return {str(member.value): None for member in kind}


def _one_of(kind: type[Enum]) -> Callable[[Any], str]:
    def read(typed: Any) -> str:
        if typed and typed not in _codes(kind):
            raise ValueError("不在可选范围内")
        return str(typed)

    return read


def _some_of(kind: type[Enum]) -> Callable[[Any], list[str]]:
    def read(typed: Any) -> list[str]:
        chosen = set(typed or ())
        if not chosen <= _codes(kind).keys():
            raise ValueError("不在可选范围内")
        return [code for code in _codes(kind) if code in chosen]

    return read


def _division(typed: Any) -> str:
    code = str(typed)
    if code and not (code.isascii() and code.isdigit() and len(code) == 6):
        raise ValueError("应为六位行政区划代码")
    return code


def _summary(typed: Any) -> str:
    words = str(typed).strip()
    if len(words) > SUMMARY_LONGEST:
        raise ValueError(f"最多{SUMMARY_LONGEST}个字")
    return words


def _wanted(typed: Any) -> bool | None:
    known = {"": None, None: None, YES: True, NO: False, True: True, False: False}
    if typed not in known:
        raise ValueError("不在可选范围内")
    return known[typed]


_READ: dict[str, Callable[[Any], Any]] = {
    **{name: _one_of(kind) for name, kind in _ONE_OF.items()},
    **{name: _some_of(kind) for name, kind in _SOME_OF.items()},
    **dict.fromkeys(_DIVISIONS, _division),
    "category": str,
    "summary": _summary,
    "follow_up_wanted": _wanted,
}
FIELDS = tuple(_READ)
MANY = tuple(_SOME_OF)


def only_known(typed: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of the form among what was sent. Whatever else a page sends never reaches a draft."""
    return {name: typed[name] for name in FIELDS if name in typed}


def cleaned(typed: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Values to store and what is wrong with others, by field: `{"age_band": "不在可选范围内"}`."""
    values: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for name, value in only_known(typed).items():
        try:
            values[name] = _READ[name](value)
        except ValueError as error:
            problems[name] = str(error)
    return values, problems


def is_rise(before: str, level: str) -> bool:
    """Whether a risk level is graver than another, '' being none."""
    grave = ["", "ROUTINE", "URGENT", "CRITICAL"]
    return before in grave and grave.index(level) > grave.index(before)


def missing(values: Mapping[str, Any]) -> list[str]:
    """Required fields that are still empty, in the order in which the form shows them."""
    return [name for name in FIELDS if name in REQUIRED and not values.get(name)]


def as_typed(stored: Mapping[str, Any]) -> dict[str, Any]:
    """Stored values in the form a page sends them."""
    wanted = {None: "", True: YES, False: NO}
    typed = {name: stored[name] for name in FIELDS}
    return {**typed, "follow_up_wanted": wanted[stored["follow_up_wanted"]]}


def danger_in(summary: str) -> list[DangerSign]:
    """What screening reads in a narrative, by sentence and as a whole: the gravest sign of each type, gravest first.

    A hint for whoever fills the record; it sets no field.
    """
    by_type: dict[str, DangerSign] = {}
    for sign in screen_note(summary[:SUMMARY_LONGEST]).signs:
        by_type.setdefault(sign.type, sign)
    return list(by_type.values())[:SIGNS_SHOWN]
