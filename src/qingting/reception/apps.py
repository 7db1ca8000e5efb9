from django.apps import AppConfig


class ReceptionConfig(AppConfig):
    name = "qingting.reception"
    label = "reception"

    def ready(self) -> None:
        from qingting.staff.notices import word_notices

        word_notices(
            {
                "reception.alert": "有危险警报，请马上查看",
                "reception.wanted": "有来访者要找人",
                "reception.left": "收到一条新留言",
                "reception.left-danger": "留言里有危险信号，请马上查看",
                "reception.unheard": "警报没有送到任何人的手机，请马上查看",
            },
            pages={"alert": "reception:alert", "left_message": "reception:left"},
        )
