"""`python -m qingting COMMAND` (or `./qingting COMMAND` at the root): management commands in the project's settings.

What reads words and nothing else (`screen`, `bench screen`, `bench answers`, `train-screening`, `train-answers`) goes past settings
and database: it starts in half a second, works in a folder where the platform never ran, and makes no keys there.
"""

import os
import sys
from importlib import import_module

PAST_THE_SETTINGS = {
    ("screen",): "qingting.screening.cli",
    ("bench", "screen"): "qingting.screening.bench",
    ("bench", "answers"): "qingting.knowledge.bench",
    ("train-screening",): "qingting.screening.train",
    ("train-answers",): "qingting.knowledge.learning",
}


def main() -> None:
    for words, module in PAST_THE_SETTINGS.items():
        if tuple(sys.argv[1 : 1 + len(words)]) == words:
            sys.exit(import_module(module).main(sys.argv[1 + len(words) :]))
    mode = os.environ.get("QINGTING_MODE", "production")
    module = {"demo": "demo", "dev": "dev", "test": "test"}.get(mode, "prod")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", f"qingting.config.settings.{module}")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["qingting", *sys.argv[1:]])


if __name__ == "__main__":
    main()
