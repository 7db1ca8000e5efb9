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
class SeekerDescribed(SeekerEvent):
    name: ClassVar[str] = "seekers.described"
    label: ClassVar[str] = "补充了来访者的基本情况"
    fields: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DatumStored(SeekerEvent):
    name: ClassVar[str] = "seekers.datum-stored"
    label: ClassVar[str] = "登记了个人信息：{kind_label}"
    kind: str
    kind_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DatumUnmasked(SeekerEvent):
    name: ClassVar[str] = "seekers.datum-unmasked"
    label: ClassVar[str] = "解密查看了{kind_label}，理由：{reason_label}"
    kind: str
    kind_label: str
    reason_code: str
    reason_label: str
    reason_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentRecorded(SeekerEvent):
    name: ClassVar[str] = "seekers.consent-recorded"
    label: ClassVar[str] = "记录了处理个人信息的依据：{basis_label}"
    consent_id: int
    basis: str
    basis_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentWithdrawn(SeekerEvent):
    name: ClassVar[str] = "seekers.consent-withdrawn"
    label: ClassVar[str] = "撤回了同意"
    consent_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SeekersMerged(SeekerEvent):
    name: ClassVar[str] = "seekers.merged"
    label: ClassVar[str] = "判定为同一个人，合并两份档案"
    merged_seeker_id: int
    merge_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SeekersSeparated(SeekerEvent):
    name: ClassVar[str] = "seekers.separated"
    label: ClassVar[str] = "撤销合并，恢复为两份档案"
    merged_seeker_id: int
    merge_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FileOpened(SeekerEvent):
    """Somebody opened the file of a person who is not theirs."""

    name: ClassVar[str] = "seekers.file-opened"
    label: ClassVar[str] = "打开了成长档案，理由：{reason_label}"
    reason_code: str
    reason_label: str
    opening_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SeekersSought(Event):
    """Somebody looked for a person by an exact value. The value stands nowhere."""

    name: ClassVar[str] = "seekers.sought"
    label: ClassVar[str] = "按{kind_label}查找来访者，找到{count}人"
    kind: str
    kind_label: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VaultRotated(Event):
    """A batch of sealed values was sealed anew. It belongs to the platform, so its organisation is 0."""

    name: ClassVar[str] = "seekers.vault-rotated"
    values: int
    key_version: int
