from django.apps import AppConfig


class ChatConfig(AppConfig):
    name = "qingting.chat"
    label = "chat"

    def ready(self) -> None:
        from qingting.staff.notices import word_notices

        word_notices(
            {"chat.invited-silently": "同事请您静默旁听一次会话"}, pages={"silent_invitation": "chat:invitation"}
        )
