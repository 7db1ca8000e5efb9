"""`journal verify` checks every seal; `journal seal` seals what is new."""

import sys

from django.core.management.base import BaseCommand, CommandParser

from qingting.core import sealing, time
from qingting.core.actors import SYSTEM


class Command(BaseCommand):
    help = "Seal the journal, or verify that no sealed entry was changed, removed or inserted."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=["verify", "seal"])

    def handle(self, *args: object, **options: object) -> None:
        if options["act"] == "seal":
            self.stdout.write(f"{sealing.seal_all()} new seals")
            return
        count, findings = sealing.verify_and_tell(actor=SYSTEM, at=time.now())
        for finding in findings:
            self.stdout.write(f"seal {finding.seal}: {finding.message}")
        self.stdout.write(f"{count} seals checked, {len(findings)} findings")
        if findings:
            sys.exit(1)
