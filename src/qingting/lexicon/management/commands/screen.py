"""`./qingting screen`: JSONL in, JSONL out. `python -m qingting` goes the short way and never comes here (see its docstring)."""

from django.core.management.base import BaseCommand

from qingting.screening import cli


class Command(BaseCommand):
    help = 'Read JSONL {"id","text"} on stdin and write JSONL {"id","score","alert","types","level","signs"}.'
    requires_system_checks = []

    def handle(self, *args: object, **options: object) -> None:
        cli.main([])
