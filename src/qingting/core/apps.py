from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "qingting.core"
    label = "core"
