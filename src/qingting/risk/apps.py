from django.apps import AppConfig


class RiskConfig(AppConfig):
    name = "qingting.risk"
    label = "risk"
