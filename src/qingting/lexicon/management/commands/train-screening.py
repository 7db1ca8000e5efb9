"""`./qingting train-screening`: rebuild the screening's models. `python -m qingting` goes the short way (see its docstring)."""

from django.core.management.base import BaseCommand

from qingting.screening import train


class Command(BaseCommand):
    help = (
        "Rebuild the screening's model files from the project's own sentences; ships them unless 特急 is recalled less."
    )
    requires_system_checks = []

    def handle(self, *args: object, **options: object) -> None:
        train.main([])
