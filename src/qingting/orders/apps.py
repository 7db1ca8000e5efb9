from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "qingting.orders"
    label = "orders"
