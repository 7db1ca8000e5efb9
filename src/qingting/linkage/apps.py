from django.apps import AppConfig


class LinkageConfig(AppConfig):
    name = "qingting.linkage"
    label = "linkage"
