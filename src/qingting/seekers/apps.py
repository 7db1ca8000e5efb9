from django.apps import AppConfig


class SeekersConfig(AppConfig):
    name = "qingting.seekers"
    label = "seekers"
