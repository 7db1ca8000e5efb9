from django.apps import AppConfig


class FollowupsConfig(AppConfig):
    name = "qingting.followups"
    label = "followups"

    def ready(self) -> None:
        from qingting.followups.states import NOTICES
        from qingting.staff.notices import word_notices

        word_notices(NOTICES, pages={"follow_up": "followups:follow-up", "plan": "followups:plan"})
