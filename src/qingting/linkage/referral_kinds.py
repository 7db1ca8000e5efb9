"""The kinds of referral, as data: where to, on which basis, the least that is told, how soon an answer is due."""

import json
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib import resources

from qingting.linkage.rules import Ground
from qingting.linkage.states import Basis

FOLLOW_UP = "FOLLOW_UP"
TOLD = {
    "age": "年龄段",
    "gender": "性别",
    "phone": "联系电话",
    "whereabouts": "所在位置",
    "risk": "风险评估",
    "callback": "本台回电号码",
}
"""What a kind may tell, and how a page names it."""


@dataclass(frozen=True, slots=True)
class ReferralKind:
    """partner: a `PartnerKind`; tells: names of `TOLD`, the whole of what leaves the house beside the words somebody writes;
    answer_within: until the other side should have said that it has the matter; purpose: FOLLOW_UP or '' for help."""

    code: str
    partner: str
    label: str
    ground: Ground
    tells: frozenset[str]
    answer_within: timedelta
    purpose: str = ""

    @property
    def follows_up(self) -> bool:
        """Whether the other side is asked to follow up in our place, when our work is done."""
        return self.purpose == FOLLOW_UP

    @property
    def needs_consent(self) -> bool:
        """Whether the person, or the guardian, must have agreed."""
        return self.ground.basis in {Basis.CONSENT, Basis.GUARDIAN_CONSENT}

    @property
    def told_words(self) -> str:
        """What is told, in words."""
        return "、".join(label for name, label in TOLD.items() if name in self.tells)


@cache
def kinds() -> dict[str, ReferralKind]:
    """Every kind by its code, in the order of the data file."""
    text = resources.files("qingting.linkage").joinpath("data", "referral-kinds.json").read_text("utf-8")
    return {row["code"]: _kind(row) for row in json.loads(text)["kinds"]}


def follows_up(kind: str) -> bool:
    """Whether such a referral asks the other side to follow up in our place. kind: '' for what is none."""
    found = kinds().get(kind)
    return found is not None and found.follows_up


def _kind(row: dict[str, object]) -> ReferralKind:
    tells = row["tells"]
    if not isinstance(tells, list) or not set(tells) <= set(TOLD):
        raise ValueError(f"{row['code']} tells something unknown")
    return ReferralKind(
        code=str(row["code"]),
        partner=str(row["partner"]),
        label=str(row["label"]),
        ground=Ground(Basis(str(row["basis"])), str(row["words"])),
        tells=frozenset(tells),
        answer_within=timedelta(hours=int(str(row["hours"]))),
        purpose=str(row.get("purpose", "")),
    )
