from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "qingting.sites.portal"
    label = "portal"
