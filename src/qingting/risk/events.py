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


@dataclass(frozen=True, slots=True, kw_only=True)
class WhereaboutsRead(Event):
    name: ClassVar[str] = "risk.whereabouts-read"
    subject: ClassVar[str] = "assessment_id"
    label: ClassVar[str] = "查看了所在位置"
    assessment_id: int
    contact_id: int
    conversation_id: int = 0
    case_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WhereaboutsResealed(Event):
    """A batch of sealed whereabouts was sealed anew. It belongs to the platform, so its organisation is 0."""

    name: ClassVar[str] = "risk.whereabouts-resealed"
    values: int
    key_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CrisisStepTaken(Event):
    name: ClassVar[str] = "risk.step-taken"
    subject: ClassVar[str] = "contact_id"
    label: ClassVar[str] = "危机处置：{step_label}"
    contact_id: int
    conversation_id: int = 0
    case_id: int = 0
    step: str
    step_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CrisisStepUndone(Event):
    name: ClassVar[str] = "risk.step-undone"
    subject: ClassVar[str] = "contact_id"
    label: ClassVar[str] = "撤回危机处置步骤：{step_label}"
    contact_id: int
    conversation_id: int = 0
    case_id: int = 0
    step: str
    step_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CrisisEvent(Event):
    subject: ClassVar[str] = "contact_id"
    contact_id: int
    conversation_id: int = 0
    case_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskAssigned(CrisisEvent):
    name: ClassVar[str] = "risk.task-assigned"
    label: ClassVar[str] = "危机处置：分派了一件事"
    task_id: int
    to_account_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskEnded(CrisisEvent):
    name: ClassVar[str] = "risk.task-ended"
    label: ClassVar[str] = "危机处置：{how}一件分派的事"
    task_id: int
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CssrsRecorded(CrisisEvent):
    name: ClassVar[str] = "risk.cssrs-recorded"
    label: ClassVar[str] = "记录了C-SSRS筛查：{risk_label}，判断为{level_label}"
    screen_id: int
    risk: str
    risk_label: str
    level: str
    level_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanWritten(CrisisEvent):
    name: ClassVar[str] = "risk.plan-written"
    label: ClassVar[str] = "写了安全计划第{number}版"
    plan_id: int
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanShared(CrisisEvent):
    name: ClassVar[str] = "risk.plan-shared"
    label: ClassVar[str] = "安全计划：{how}"
    plan_id: int
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRead(CrisisEvent):
    name: ClassVar[str] = "risk.plan-read"
    label: ClassVar[str] = "查看了安全计划"
    plan_id: int
