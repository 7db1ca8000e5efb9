from django.apps import AppConfig


class TelephonyConfig(AppConfig):
    name = "qingting.telephony"
    label = "telephony"
