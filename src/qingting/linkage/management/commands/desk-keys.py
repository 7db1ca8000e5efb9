"""The key pair with which this installation signs towards other desks."""

from typing import Any

from django.core.management.base import BaseCommand

from deskwire.keys import load_public_set
from qingting.core import time
from qingting.linkage.services import ensure_own_key


class Command(BaseCommand):
    help = "Make the platform's desk key where there is none, and say where its public half lies."

    def handle(self, *args: Any, **options: Any) -> None:
        path = ensure_own_key(at=time.now())
        if options["verbosity"]:
            for key in load_public_set(path):
                self.stdout.write(f"{key.desk} {key.key_id} {key.alg} {path}")
