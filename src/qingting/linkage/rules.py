"""Pure rules of linkage: on which basis something is told, when a result lifts the hold, when a line counts as down."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from qingting.linkage.states import MOVES, Basis, Condition, Found

DOWN_AFTER = timedelta(seconds=2.9)
"""Silence after which a line counts as down. With a heartbeat every 1.5 s and an answer awaited for at most 1.8 s, a seat
knows within 5 s (product requirement R-D5)."""
HEARTBEAT_WAIT = 1.8
RETENTION = timedelta(days=365)
"""How long the other desk may keep what we tell it: product default, to be agreed with each partner."""
STALE_AFTER = timedelta(seconds=10)
"""When nobody has felt a line's pulse for so long, our own watch is not running, and the seat is told that instead."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Why an item may be told: the wire's code, and the words the other desk and the file read."""

    basis: Basis
    words: str


# By item class of the list. Sources: 《个人信息保护法》第十三条第一款第三、四项；《未成年人保护法》第十一条；
# 《关于建立侵害未成年人案件强制报告制度的意见（试行）》第四条；团粤联发〔2024〕25号第二条。
GROUNDS: Mapping[str, Ground] = {
    "CRISIS": Ground(
        Basis.LIFE_AT_STAKE,
        "《个人信息保护法》第十三条第一款第四项：紧急情况下为保护自然人的生命健康所必需",
    ),
    "MANDATORY_REPORT": Ground(
        Basis.MANDATORY_REPORT,
        "《未成年人保护法》第十一条；九部委《关于建立侵害未成年人案件强制报告制度的意见（试行）》第四条",
    ),
    "OFFENCE": Ground(
        Basis.LEGAL_DUTY,
        "《未成年人保护法》第十一条；《个人信息保护法》第十三条第一款第三项：为履行法定职责所必需",
    ),
}


# Characters that make a line read otherwise than it was written (direction overrides), or move a terminal's cursor.
_UNREADABLE = re.compile("[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def readable(words: str) -> str:
    """Another desk's words without what would make them read as something else. The sealed message keeps them as sent."""
    return _UNREADABLE.sub("", words)


def next_state(state: str, act: str) -> str | None:
    """Where `act` leads from `state`; None where it is not allowed."""
    move = MOVES[act]
    return move.target if state in move.sources else None


def needs_confirmation(urgency: str, reached: bool | None) -> bool:
    """Whether a result leaves the case held: a 特急 matter ends only when officers have seen the person themselves."""
    return urgency == "CRITICAL" and reached is not True


@dataclass(frozen=True, slots=True)
class Wording:
    """How people speak of what goes to and comes from a desk. matter: what it sends us; number: of its own record; staff: its
    people."""

    matter: str
    number: str
    staff: str


POLICE = Wording("警情", "警情单号", "民警")
OTHERS = Wording("事项", "对方编号", "对方工作人员")


def wording(partner_kind: str) -> Wording:
    """The words for a kind of partner; the police's for the 110 and where nobody is named."""
    return POLICE if partner_kind in {"", "POLICE_110"} else OTHERS


def reached_label(reached: bool | None, staff: str = POLICE.staff) -> str:
    """In words, for timelines and pages."""
    if reached is None:
        return "是否见到本人：未说明"
    return f"{staff}已见到本人" if reached else f"{staff}未见到本人"


def found_words(found: Mapping[str, Any]) -> str:
    """What somebody found who followed up in our place, in words. found: `followUp` of a result."""
    said = [str(Found(found["found"]).label)]
    if "condition" in found:
        said.append(f"本人现在：{Condition(found['condition']).label}")
    if "wantsHelp" in found:
        said.append("希望继续得到帮助" if found["wantsHelp"] else "暂时不需要更多帮助")
    return "；".join(said) + "。"


def number_words(words: Wording, number: str) -> str:
    """What is said of the other desk's number when it takes a matter; nothing where it need not have one."""
    if number:
        return f"，{words.number} {number}"
    return f"，{words.number}待定" if words is POLICE else ""


def line_is_down(last_answer: datetime | None, watched_since: datetime, at: datetime) -> bool:
    """Whether the silence has lasted too long."""
    return at - (last_answer or watched_since) >= DOWN_AFTER
