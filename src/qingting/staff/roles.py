"""Roles as data: what each is called and which permissions it collects. Code asks for permissions only."""

from dataclasses import dataclass

_SEAT = {
    "duty.take",
    "chat.talk",
    "telephony.talk",
    "contacts.record",
    "contacts.view",
    "seekers.view",
    "seekers.record",
    "seekers.unmask",
    "risk.assess",
    "cases.open",
    "cases.view",
    "orders.draft",
    "orders.dispatch",
    "orders.view",
    "linkage.hand-off",
    "linkage.view",
    "conferences.view",
    "assistance.view",
    "assistance.apply",
    "assistance.report",
    "chains.view",
    "chains.raise",
    "chains.act",
    "knowledge.read",
    "knowledge.write",
    "reception.watch",
    "reception.answer",
    "complaints.record",
}
_HANDLER = {
    "orders.view",
    "orders.accept",
    "orders.work",
    "cases.view",
    "contacts.view",
    "seekers.view",
    "seekers.record",
    "seekers.unmask",
    "linkage.view",
    "conferences.view",
}
_REVIEWER = {
    "chains.view",
    "orders.view",
    "orders.review",
    "cases.view",
    "contacts.view",
    "seekers.view",
    "cases.close",
    "statistics.view",
    "conferences.view",
    "assistance.view",
}


# What a seat may be asked for, by the codes that the waiting line uses.
SKILLS = {"PSYCHOLOGY": "心理", "LAW": "法律", "GENERAL": "综合", "CANTONESE": "粤语", "ENGLISH": "英语"}


@dataclass(frozen=True, slots=True)
class Role:
    """code: stored; label: shown; permissions: names declared by the rooms; oversees: watches over administrators
    or the whole system, so that an organisation's own administrator may not give it."""

    code: str
    label: str
    permissions: frozenset[str]
    oversees: bool = False


def _role(code: str, label: str, permissions: set[str], *, oversees: bool = False) -> Role:
    return Role(code, label, frozenset(permissions), oversees)


ROLES = {
    role.code: role
    for role in (
        _role("COUNSELLOR", "心理咨询师", _SEAT),
        _role("LAWYER", "律师", _SEAT),
        _role(
            "DUTY_CADRE",
            "值班干部",
            _SEAT
            | {
                "chains.drill",
                "orders.review",
                "knowledge.review",
                "conferences.convene",
                "assistance.check",
                "assistance.pay",
                "assistance.keep-lawyers",
                "assistance.assign",
                "assistance.check-report",
                "exports.make",
                "exports.approve",
                "lexicon.read",
                "lexicon.propose",
                "lexicon.label",
            },
        ),
        _role(
            "SHIFT_LEADER",
            "值班长",
            _SEAT
            | {
                "chains.drill",
                "duty.lead",
                "chat.join-silently",
                "telephony.lead",
                "telephony.review-numbers",
                "telephony.listen-recordings",
                "telephony.hold-recordings",
                "cases.close",
                "cases.sign-off",
                "statistics.view",
                "linkage.operate",
                "linkage.waive-report",
                "conferences.convene",
                "assistance.check",
                "assistance.keep-lawyers",
                "assistance.assign",
                "assistance.check-report",
                "orders.review",
                "followups.plan",
                "followups.view",
                "exports.make",
                "exports.approve",
                "complaints.handle",
                "knowledge.review",
                "reception.arrange",
                "lexicon.read",
                "lexicon.propose",
                "lexicon.approve",
                "lexicon.see-words",
                "lexicon.label",
            },
        ),
        _role("ORDER_HANDLER", "工单办理员", _HANDLER),
        _role(
            "REVIEWER",
            "审核员",
            _REVIEWER
            | {
                "reception.watch",
                "cases.sign-off",
                "orders.dispatch",
                "orders.supervise",
                "complaints.handle",
                "complaints.record",
                "exports.make",
                "exports.approve",
                "assistance.check",
                "assistance.decide",
                "assistance.pay",
                "assistance.assign",
                "assistance.check-report",
                "lexicon.read",
                "lexicon.approve",
                "lexicon.see-words",
            },
        ),
        _role(
            "FOLLOW_UP_AGENT",
            "回访员",
            {
                "followups.call",
                "followups.view",
                "complaints.record",
                "telephony.talk",
                "cases.view",
                "contacts.view",
                "orders.view",
                "seekers.view",
                "seekers.unmask",
            },
        ),
        _role("CENTRE_MANAGER", "阵地负责人", _HANDLER),
        _role("NATIONAL_DESK", "全国督办员", {"chains.view", "chains.supervise", "statistics.view"}),
        _role("REGIONAL_ADVISER", "区域中心协作员", {"chains.view", "chains.assist", "knowledge.read"}),
        _role("ANALYST", "数据分析员", {"statistics.view"}),
        _role("INSPECTOR", "第三方评估员", {"statistics.view"}),
        _role("VOLUNTEER", "志愿者", set()),
        _role("PARTNER_OPERATOR", "联动单位人员", {"linkage.answer", "conferences.view"}),
        _role(
            "ORGANISATION_ADMINISTRATOR",
            "单位管理员",
            {
                "staff.manage",
                "directory.manage",
                "statistics.view",
                "orders.configure",
                "exports.approve",
                "assistance.set-rates",
            },
        ),
        _role("AUDITOR", "审计员", {"core.read-journal", "core.verify-journal"}, oversees=True),
        _role(
            "SYSTEM_ADMINISTRATOR",
            "系统管理员",
            {
                "linkage.operate",
                "linkage.register-house",
                "directory.manage",
                "staff.manage",
                "staff.appoint-overseers",
            },
            oversees=True,
        ),
    )
}
