from django.apps import AppConfig


class TelephonyConfig(AppConfig):
    name = "qingting.telephony"
    label = "telephony"

    def ready(self) -> None:
        from qingting.staff.notices import word_notices

        word_notices(
            {
                "telephony.help-by-key": "来电人不能说话，按键表示需要帮助，请马上查看",
                "telephony.invited-to-listen": "同事请您旁听一个电话",
                "telephony.silent-again": "同一号码一周内多次静默来电，可能是不方便说话，请留意",
            },
            pages={"call": "workbench:call", "listen_invitation": "workbench:listen-invitation"},
        )
