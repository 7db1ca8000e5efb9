from django.apps import AppConfig


class ChatConfig(AppConfig):
    name = "qingting.chat"
    label = "chat"
