from django.apps import AppConfig


class LinkageConfig(AppConfig):
    name = "qingting.linkage"
    label = "linkage"

    def ready(self) -> None:
        """Say in words what the notices of this room are about, and let timelines read its notes."""
        from qingting.cases.panels import words_from
        from qingting.linkage.selectors import words_behind
        from qingting.staff.notices import word_notices

        words_from("linkage", words_behind)
        word_notices(
            {
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
            },
            pages={"handoff": "linkage:handoff", "mandatory_report": "linkage:report"},
        )
