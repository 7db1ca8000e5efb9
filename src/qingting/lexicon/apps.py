from django.apps import AppConfig


class LexiconConfig(AppConfig):
    name = "qingting.lexicon"
    label = "lexicon"
