"""Divisions, case categories, linkage lists and default clock rules, from the data files to the database."""

from typing import Any

from django.core.management.base import BaseCommand

from qingting.core import time
from qingting.core.scope import EVERYTHING, acting
from qingting.directory.services import load_reference_data


class Command(BaseCommand):
    help = "Load or refresh the reference data; changes only what differs."

    def handle(self, *_: Any, **options: Any) -> None:
        with acting(EVERYTHING):
            changed = load_reference_data(at=time.now())
        if options["verbosity"]:
            self.stdout.write(f"reference data: {changed} rows changed")
