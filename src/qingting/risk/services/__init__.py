"""Every write of risk: assessments, the crisis' steps and tasks, the C-SSRS screener, safety plans."""

from qingting.risk.services.asking import CssrsAnswer, record_cssrs
from qingting.risk.services.assessing import (
    DRAFT_FIELDS,
    Judgement,
    assess,
    link_to_case,
    record_intervention,
    rotate_drafts,
    rotate_whereabouts,
    save_draft,
    take_step,
    undo_step,
)
from qingting.risk.services.calls import watch_call
from qingting.risk.services.planning import rotate_plans, share_plan, stop_sharing, write_plan
from qingting.risk.services.tasks import assign_task, cancel_task, finish_task

__all__ = [
    "DRAFT_FIELDS",
    "CssrsAnswer",
    "Judgement",
    "assess",
    "assign_task",
    "cancel_task",
    "finish_task",
    "link_to_case",
    "record_cssrs",
    "record_intervention",
    "rotate_drafts",
    "rotate_plans",
    "rotate_whereabouts",
    "save_draft",
    "share_plan",
    "stop_sharing",
    "take_step",
    "undo_step",
    "watch_call",
    "write_plan",
]
