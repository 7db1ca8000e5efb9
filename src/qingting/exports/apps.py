from django.apps import AppConfig


class ExportsConfig(AppConfig):
    name = "qingting.exports"
    label = "exports"

    def ready(self) -> None:
        """Say in words what the notices of this room are about."""
        from qingting.staff.notices import word_notices

        word_notices(
            {
                "exports.asked": "同事申请导出含正文的列表，请审批",
                "exports.approved": "导出申请已同意，正在生成",
                "exports.refused": "导出申请没有同意，请看理由",
                "exports.ready": "导出的文件已生成，24小时内可以下载",
                "exports.failed": "导出没有成功，请看原因",
            },
            pages={"export": "exports:export"},
        )
