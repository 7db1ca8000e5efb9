from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "qingting.contacts"
    label = "contacts"
