"""What happens in a chain, told to the journal of each party that keeps a file of it. Words stand in its entries, by id."""

from dataclasses import dataclass
from typing import ClassVar

from qingting.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainEvent(Event):
    """chain_id: the party's own file; number: as all parties name the chain."""

    subject: ClassVar[str] = "chain_id"
    chain_id: int
    case_id: int = 0
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainTold(ChainEvent):
    """A party did something; here, or in another house that told us."""

    name: ClassVar[str] = "chains.told"
    label: ClassVar[str] = "跨省转介 {number}：{author_label}{told}"
    act: str
    author_label: str
    told: str
    note_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainRehearsed(ChainEvent):
    """The same in an exercise. Under a name of its own, so that nothing that acts on chains or counts them takes it for one."""

    name: ClassVar[str] = "chains.rehearsed"
    label: ClassVar[str] = "跨省转介演练 {number}：{author_label}{told}"
    act: str
    author_label: str
    told: str
    note_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainNotTaken(ChainEvent):
    name: ClassVar[str] = "chains.not-taken"
    label: ClassVar[str] = "跨省转介 {number}：{partner}平台未能接收（{code}），请电话联系"
    partner: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainLate(ChainEvent):
    name: ClassVar[str] = "chains.late"
    label: ClassVar[str] = "跨省转介 {number}：“{kind_label}”超过时限，已提醒团中央和双方"
    kind_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainFactsRead(ChainEvent):
    name: ClassVar[str] = "chains.facts-read"
    label: ClassVar[str] = "跨省转介 {number}：查看了本人情况"
