from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CoreConfig(AppConfig):
    name = "qingting.core"
    label = "core"

    def ready(self) -> None:
        """Every room's permissions and events are known from the start: roles and timelines name them by text."""
        autodiscover_modules("permissions", "events")
