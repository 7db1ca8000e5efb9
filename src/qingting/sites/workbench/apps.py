from django.apps import AppConfig


class WorkbenchConfig(AppConfig):
    name = "qingting.sites.workbench"
    label = "workbench"
