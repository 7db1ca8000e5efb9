"""What happens to versions of the lexicon and to labelled rows. No word of anybody is in an event."""

from dataclasses import dataclass
from typing import ClassVar

from qingting.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionEvent(Event):
    subject: ClassVar[str] = "lexicon_version_id"
    lexicon_version_id: int
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionProposed(VersionEvent):
    name: ClassVar[str] = "lexicon.proposed"
    label: ClassVar[str] = "起草识别词库第{number}版"
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionChanged(VersionEvent):
    name: ClassVar[str] = "lexicon.changed"
    label: ClassVar[str] = "修改词库草稿第{number}版"
    checksum: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionSubmitted(VersionEvent):
    name: ClassVar[str] = "lexicon.submitted"
    label: ClassVar[str] = "提交词库第{number}版评测"
    checksum: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionMeasured(VersionEvent):
    name: ClassVar[str] = "lexicon.measured"
    label: ClassVar[str] = "词库第{number}版评测完毕"
    passed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionActivated(VersionEvent):
    name: ClassVar[str] = "lexicon.activated"
    label: ClassVar[str] = "启用识别词库第{number}版"
    checksum: str
    emergency: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionSentBack(VersionEvent):
    name: ClassVar[str] = "lexicon.sent-back"
    label: ClassVar[str] = "退回词库第{number}版"


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionWithdrawn(VersionEvent):
    name: ClassVar[str] = "lexicon.withdrawn"
    label: ClassVar[str] = "撤回词库第{number}版"


@dataclass(frozen=True, slots=True, kw_only=True)
class SnippetsRead(VersionEvent):
    name: ClassVar[str] = "lexicon.snippets-read"
    label: ClassVar[str] = "查看了词库评测命中的原话（脱敏）"
    shown: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionRead(Event):
    name: ClassVar[str] = "lexicon.correction-read"
    subject: ClassVar[str] = "sign_id"
    label: ClassVar[str] = "为复核更正查看了一条消息"
    sign_id: int
    conversation_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionDecided(Event):
    name: ClassVar[str] = "lexicon.correction-decided"
    subject: ClassVar[str] = "sign_id"
    label: ClassVar[str] = "复核了一条危险信号的更正"
    sign_id: int
    conversation_id: int
    kept: bool
