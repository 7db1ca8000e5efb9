from django.apps import AppConfig

# Beginning of a notice's kind → what a person reads.
WORDS = {
    "linkage.rejected": "110退回了一次流转，请立即改用电话联系",
    "linkage.not-taken": "110系统未能接收一次流转，请立即改用电话联系",
    "linkage.reach-unconfirmed": "110已反馈结果，但未确认民警见到本人，请电话核实后在个案里确认",
    "linkage.call-wanted": "对方逾期未签收，请立即电话催办",
    "linkage.raised": "对方逾期未签收，已上送上一级，请同时电话联系",
    "linkage.report-due": "有个案需要强制报告，请立即报告或由值班长核实",
    "linkage.resulted": "110已反馈处置结果",
    "linkage.call-join-asked": "110请求加入正在进行的通话，请在电话面板里决定",
    "linkage.call-invited": "110邀请三方通话，请尽快接入",
    "linkage.incident-arrived": "110流转来一件警情，等待签收",
    "linkage.incident-critical": "110流转来一件特急警情，请安排三方通话",
    # The same of any other desk, which the kind then names behind its colon.
    "linkage.rejected:": "{detail}退回了一次转介，请改用电话联系",
    "linkage.not-taken:": "{detail}的系统未能接收一次转介，请改用电话联系",
    "linkage.reach-unconfirmed:": "{detail}已反馈结果，但没有说明见到了本人，请电话核实后在个案里确认",
    "linkage.resulted:": "{detail}已反馈办理结果",
    "linkage.call-invited:": "{detail}邀请三方通话，请尽快接入",
    "linkage.incident-arrived:": "{detail}转来一件事项，等待签收",
    "linkage.incident-critical:": "{detail}转来一件特急事项，请立即签收",
    # For the people of a partner that works on our page.
    "linkage.for-partner": "12355转来一件事项，请按时签收",
    "linkage.for-partner-late": "12355转来的一件事项已超过签收时限，请立即签收",
    "linkage.for-partner-more": "12355补充了一件事项的情况",
    "linkage.for-partner-taken-back": "12355撤回了一件事项",
}


class LinkageConfig(AppConfig):
    name = "qingting.linkage"
    label = "linkage"

    def ready(self) -> None:
        """Say in words what the notices of this room are about, and let timelines read its notes."""
        from qingting.cases.panels import words_from
        from qingting.directory.states import PartnerKind
        from qingting.linkage.selectors import words_behind
        from qingting.staff.notices import word_notices

        words_from("linkage", words_behind)
        word_notices(
            WORDS,
            details={kind.value: str(kind.label) for kind in PartnerKind},
            pages={
                "handoff": "linkage:handoff",
                "mandatory_report": "linkage:report",
                "referral": "linkage:partner-matter",
            },
        )
