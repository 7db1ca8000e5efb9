from django.apps import AppConfig


class StatisticsConfig(AppConfig):
    name = "qingting.statistics"
    label = "statistics"
