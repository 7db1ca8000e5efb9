"""Articles, scripts and lines of the data files, into the database."""

from typing import Any

from django.core.management.base import BaseCommand

from qingting.core import time
from qingting.knowledge.services import load_seeds


class Command(BaseCommand):
    help = "Load or refresh the knowledge that the product comes with; changes only what differs."

    def handle(self, *_: Any, **options: Any) -> None:
        changed = load_seeds(at=time.now())
        if options["verbosity"]:
            self.stdout.write(f"knowledge: {changed} rows changed")
