from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "qingting.directory"
    label = "directory"
