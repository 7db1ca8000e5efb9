from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "qingting.sites.exchange"
    label = "exchange"
