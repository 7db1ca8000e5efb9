from django.apps import AppConfig


class AssistanceConfig(AppConfig):
    name = "qingting.assistance"
    label = "assistance"

    def ready(self) -> None:
        """Say in words what the notices of this room are about, and let timelines read its notes."""
        from qingting.assistance.selectors import words_behind
        from qingting.cases.panels import words_from
        from qingting.staff.notices import word_notices

        words_from("assistance", words_behind)
        word_notices(
            {
                "assistance.to-check": "有一份援助申请等待初审",
                "assistance.to-decide": "有一份援助申请等待审批",
                "assistance.approved": "援助申请已批准",
                "assistance.refused": "援助申请没有批准，请看理由并告诉本人",
                "assistance.report-to-check": "有一份法律援助结案报告等待审核",
                "assistance.report-returned": "法律援助结案报告被退回，请看原因后修改",
                "assistance.report-accepted": "法律援助结案报告审核通过，可以支付补贴",
            },
            pages={"aid_application": "assistance:application"},
        )
