"""Seal every sealed value of the platform anew under the current key, in batches, beside the running work."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.module_loading import import_string

from qingting.core import time
from qingting.core.crypto import add_key, keyring


class Command(BaseCommand):
    help = "Seal all sealed values with the current key; --new-key makes a new key first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--new-key", action="store_true", help="make a new key and change to it")
        parser.add_argument("--batch", type=int, default=500, help="values in one transaction")

    def handle(self, *args: object, **options: Any) -> None:
        version = add_key() if options["new_key"] else keyring().current
        for name in import_string(settings.VAULTS):
            rotate, total = import_string(name), 0
            while count := rotate(batch=options["batch"], at=time.now()):
                total += count
            self.stdout.write(f"{name}: {total}")
        self.stdout.write(f"key version {version}")
