"""Learn from the articles which questions are theirs. `./qingting` runs it past settings and database; here it stands in the list of commands."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from qingting.knowledge import learning


class Command(BaseCommand):
    help = "Learn from the articles and their questions which questions are theirs, and write data/model anew."

    def handle(self, *_args: Any, **_options: Any) -> None:
        sys.exit(learning.main())
