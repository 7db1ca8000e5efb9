from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "qingting.orders"
    label = "orders"

    def ready(self) -> None:
        from qingting.cases.panels import words_from
        from qingting.orders.selectors import words_of
        from qingting.orders.states import NOTICES
        from qingting.staff.notices import word_notices

        words_from("orders", words_of)
        word_notices(NOTICES, pages={"order": "orders:order", "bulk": "orders:bulk"})
