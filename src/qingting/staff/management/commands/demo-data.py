"""Fill the demonstration: organisations, accounts, and whatever later rooms name in the setting DEMO_DATA."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.module_loading import import_string

from qingting.core import time
from qingting.core.scope import EVERYTHING, acting
from qingting.staff.models import Account


class Command(BaseCommand):
    help = "Load the demonstration's data; refused outside demonstration mode."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="do nothing where it was loaded before")

    def handle(self, *_: Any, **options: Any) -> None:
        if settings.MODE != "demo":
            raise CommandError("演示数据只能在演示模式下载入。")
        at = time.now()
        with acting(EVERYTHING), transaction.atomic():
            if options["once"] and Account.objects.filter(is_demo=True).exists():
                return
            for name in getattr(settings, "DEMO_DATA", ()):
                import_string(name)(at=at)
        self.stdout.write("demo data loaded")
