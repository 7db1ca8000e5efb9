from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "qingting.cases"
    label = "cases"
