"""What happens when danger is judged."""

from dataclasses import dataclass
from typing import ClassVar

from qingting.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskAssessed(Event):
    name: ClassVar[str] = "risk.assessed"
    subject: ClassVar[str] = "assessment_id"
    label: ClassVar[str] = "完成风险评估：{level_label}"
    assessment_id: int
    contact_id: int
    conversation_id: int = 0
    case_id: int = 0
    level: str
    level_label: str
    proposed_level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InterventionRecorded(Event):
    name: ClassVar[str] = "risk.intervention-recorded"
    subject: ClassVar[str] = "contact_id"
    label: ClassVar[str] = "开始危机干预"
    contact_id: int
    conversation_id: int = 0
    case_id: int = 0
