from django.apps import AppConfig


class FollowupsConfig(AppConfig):
    name = "qingting.followups"
    label = "followups"
