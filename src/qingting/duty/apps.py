from django.apps import AppConfig


class DutyConfig(AppConfig):
    name = "qingting.duty"
    label = "duty"
