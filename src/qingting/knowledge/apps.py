from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    name = "qingting.knowledge"
    label = "knowledge"

    def ready(self) -> None:
        from qingting.staff.notices import word_notices

        word_notices(
            {
                "knowledge.review-asked": "有一篇知识文章等您审核",
                "knowledge.sent-back": "您写的文章被退回修改",
                "knowledge.expired": "有一篇知识文章到期，需要重新核对",
            },
            pages={"article": "knowledge:article"},
        )
