from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "qingting.staff"
    label = "staff"
