"""What happens to a seeker's record."""

from dataclasses import dataclass
from typing import ClassVar

from qingting.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class SeekerEvent(Event):
    subject: ClassVar[str] = "seeker_id"
    seeker_id: int
    case_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SeekerRecorded(SeekerEvent):
    name: ClassVar[str] = "seekers.recorded"
    label: ClassVar[str] = "建立来访者档案"


@dataclass(frozen=True, slots=True, kw_only=True)
class DatumStored(SeekerEvent):
    name: ClassVar[str] = "seekers.datum-stored"
    label: ClassVar[str] = "登记了一项个人信息（{kind}）"
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DatumUnmasked(SeekerEvent):
    name: ClassVar[str] = "seekers.datum-unmasked"
    label: ClassVar[str] = "解密查看了个人信息（{kind}），理由类别：{reason_code}"
    kind: str
    reason_code: str
    reason_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentRecorded(SeekerEvent):
    name: ClassVar[str] = "seekers.consent-recorded"
    label: ClassVar[str] = "记录了同意或依据（{basis}）"
    basis: str
    purpose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentWithdrawn(SeekerEvent):
    name: ClassVar[str] = "seekers.consent-withdrawn"
    label: ClassVar[str] = "撤回了同意"
    purpose: str
