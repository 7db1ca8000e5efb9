from django.apps import AppConfig


class RiskConfig(AppConfig):
    name = "qingting.risk"
    label = "risk"

    def ready(self) -> None:
        from qingting.staff.notices import word_notices

        word_notices({"risk.task-assigned": "危机处置里有一件事请您来做"}, pages={"crisis": "risk:crisis"})
