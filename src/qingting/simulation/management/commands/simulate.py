"""`simulate`: seekers, counsellors, handlers, reviewers and a 110 operator at work on the demonstration."""

import json
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from qingting.simulation.bench.stand import own_stand, running_stand
from qingting.simulation.company import MOST_ACTORS, MOST_MINUTES, OWN_TEXTS, Company, Plan


class Command(BaseCommand):
    help = "Play the people of the platform through its public doors, and print what came of it as JSON. Demonstration only."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rate", type=float, default=6, help="new seekers a minute")
        parser.add_argument("--minutes", type=float, default=5, help=f"how long they come, at most {MOST_MINUTES}")
        parser.add_argument("--actors", type=int, default=20, help=f"seekers at a time, at most {MOST_ACTORS}")
        parser.add_argument("--linger", type=float, default=30, help="seconds for what has begun to come to its end")
        parser.add_argument("--texts", type=Path, default=OWN_TEXTS, help="JSONL file with a field `text`")
        parser.add_argument("--own", action="store_true", help="on a platform of its own instead of the running one")

    def handle(self, *_: Any, **options: Any) -> None:
        if settings.MODE != "demo":
            raise CommandError("模拟只能在演示模式下运行，不能在真实数据上运行。")
        if not (0 < options["rate"] <= 600 and 0 < options["minutes"] <= MOST_MINUTES):
            raise CommandError(f"--rate 应在 0–600 之间，--minutes 应在 0–{MOST_MINUTES} 之间。")
        if not 0 < options["actors"] <= MOST_ACTORS:
            raise CommandError(f"--actors 应在 1–{MOST_ACTORS} 之间。")
        plan = Plan(options["rate"], options["minutes"], options["actors"], options["texts"], options["linger"])
        with own_stand() if options["own"] else nullcontext(running_stand()) as stand:
            found = Company(stand, plan).play()
        self.stdout.write(json.dumps(found, ensure_ascii=False, indent=1))
