"""What a journal entry is called on the journal's page: timelines' words where an event has them, else those of this table."""

from collections.abc import Mapping
from typing import Any

from qingting.core.events import described, told_on_timelines

# Events that no timeline tells, and so have no words of their own.
WORDS = {
    "chat.message-posted": "会话中发送一条消息",
    "chat.read": "会话消息已读",
    "core.access-ended": "结束对其他单位的授权",
    "core.access-granted": "向其他单位开放一项记录",
    "core.clock-breached": "超过时限",
    "core.clock-escalated": "超时逐级上报",
    "core.clock-warned": "时限即将到期",
    "directory.calendar-day-set": "设置工作日历",
    "directory.clock-rule-forgotten": "恢复上级时限",
    "directory.clock-rule-set": "设置时限",
    "directory.organisation-added": "新增单位",
    "directory.organisation-changed": "修改单位信息",
    "directory.reference-data-loaded": "载入基础数据",
    "directory.regional-cover-set": "设置区域中心范围",
    "duty.entry-taken": "来访被接入",
    "duty.line-entered": "来访进入排队",
    "duty.line-left": "来访离开排队",
    "duty.offer-ended": "派接提示结束",
    "duty.offer-made": "向坐席派接来访",
    "duty.presence-changed": "坐席状态变化",
    "duty.priority-raised": "提高排队优先级",
    "exchange.api-key-issued": "发放数据接口密钥",
    "exchange.api-key-revoked": "停用数据接口密钥",
    "complaints.acknowledged": "受理投诉",
    "complaints.answered": "答复投诉",
    "complaints.declined": "投诉不属本平台",
    "complaints.escalated": "投诉交上一级办理",
    "complaints.noted": "记录投诉调查",
    "complaints.received": "收到投诉",
    "complaints.review-asked": "本人申请复核投诉",
    "complaints.withdrawn": "本人撤回投诉",
    "exports.approved": "同意导出含正文的列表",
    "exports.asked": "申请导出列表",
    "exports.cancelled": "取消导出",
    "exports.downloaded": "下载导出的文件",
    "exports.expired": "导出的文件到期删除",
    "exports.failed": "导出没有成功",
    "exports.progressed": "导出进行中",
    "exports.ready": "导出的文件已生成",
    "exports.refused": "不同意导出",
    "knowledge.loaded": "载入随产品提供的知识",
    "reception.resealed": "更换接待信息的加密密钥",
    "orders.bulk-done": "批量操作完成",
    "orders.bulk-progressed": "批量操作进行中",
    "orders.bulk-started": "开始批量操作",
    "orders.bulk-undo-started": "开始撤回批量操作",
    "orders.catalogue-activated": "启用派单目录",
    "orders.catalogue-changed": "修改派单目录",
    "risk.whereabouts-resealed": "更换位置信息的加密密钥",
    "seekers.vault-rotated": "更换个人信息的加密密钥",
    "staff.account-activated": "启用账号",
    "staff.account-added": "新增账号",
    "staff.account-deactivated": "停用账号",
    "staff.account-locked": "账号被临时锁定",
    "staff.notice-raised": "发出提醒",
    "staff.password-changed": "修改密码",
    "staff.password-reset": "重置密码",
    "staff.post-added": "任命岗位",
    "staff.post-ended": "结束岗位",
    "staff.post-switched": "切换岗位",
    "staff.recovery-code-used": "使用恢复码登录",
    "staff.recovery-codes-renewed": "更换恢复码",
    "staff.second-factor-enrolled": "绑定身份验证器",
    "staff.second-factor-reset": "重置身份验证器",
    "staff.sessions-revoked": "退出其他设备的登录",
    "staff.sign-in-failed": "登录失败",
    "staff.signed-in": "登录",
    "staff.signed-out": "退出登录",
    "followups.rule-added": "添加回访规则",
    "followups.rule-dropped": "删除回访规则",
    "followups.rule-raised": "调整回访规则的顺序",
    "telephony.act-ended": "通话操作完成或被拒",
    "telephony.recording-kept": "保存通话录音",
    "telephony.telephone-ready": "坐席电话接通或断开",
}
ROOMS = {
    "chat": "会话",
    "telephony": "电话",
    "reception": "夜间接待与警报",
    "knowledge": "知识库",
    "duty": "值班与排队",
    "contacts": "接触记录",
    "seekers": "来访者与个人信息",
    "risk": "风险评估",
    "cases": "个案",
    "orders": "工单",
    "linkage": "联动",
    "followups": "回访与评价",
    "staff": "账号与登录",
    "directory": "单位与设置",
    "core": "授权、时限与日志",
    "exchange": "数据接口",
}
SUBJECTS = {
    "account": "账号",
    "alert": "警报",
    "article": "知识文章",
    "assessment": "风险评估",
    "call": "电话",
    "case": "个案",
    "clock": "时限",
    "contact": "接触记录",
    "conversation": "会话",
    "desk": "对接方",
    "entry": "排队",
    "follow_up": "回访",
    "grant": "授权",
    "handoff": "流转",
    "invitation": "评价邀请",
    "journal": "日志",
    "left_message": "留言",
    "message": "评价短信",
    "plan": "长期跟踪",
    "rule": "规则",
    "callback_task": "回拨任务",
    "notice": "提醒",
    "order": "工单",
    "resource": "热线和机构",
    "organisation": "单位",
    "seeker": "来访者",
    "setting": "接待设置",
    "target": "警报接收方式",
}
ACTING_AS = {"person": "工作人员", "seeker": "来访者", "desk": "联动单位", "system": "系统"}
FINDINGS = {
    "COUNT": "这一批记录的条数与封存时不同，有记录被删除或插入",
    "CHANGED": "这一批里有记录在封存后被改动",
    "EXPORT": "封存值与数据库外的备份不一致",
    "REMOVED": "这一个封存被删除",
    "LOST": "数据库外备份过的封存，现在数据库里没有了",
}


def words_for(name: str, data: Mapping[str, Any]) -> str:
    """What happened, in Chinese; the event's own name where it is no longer known."""
    return WORDS.get(name) or described(name, data)


def name_groups() -> list[tuple[str, str, list[tuple[str, str]]]]:
    """(room and a dot, its label, (event, label) of each) in the order of the house, for choosing one."""
    names = sorted({*told_on_timelines(), *WORDS})
    return [
        (f"{room}.", label, [(name, _without_values(name)) for name in names if name.startswith(f"{room}.")])
        for room, label in ROOMS.items()
        if any(name.startswith(f"{room}.") for name in names)
    ]


_DOTS = dict.fromkeys(
    [
        "attempts",
        "basis_label",
        "code",
        "handler",
        "helped_label",
        "incident_number",
        "item_number",
        "kind_label",
        "level_label",
        "number",
        "outcome_label",
        "problems",
        "reached_label",
        "reason_label",
        "score",
        "seals",
        "stage_label",
        "state_label",
        "urgency_label",
    ],
    "…",
)


def _without_values(name: str) -> str:
    """The words with dots for values, none at their end: 「派单」 for 「派单 {number} → {handler}」."""
    return words_for(name, {**_DOTS, "partner": "对方"}).rstrip(" …→：；，")
