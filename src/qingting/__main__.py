"""`python -m qingting COMMAND` (or `./qingting COMMAND` at the root): management commands in the project's settings."""

import os
import sys


def main() -> None:
    mode = os.environ.get("QINGTING_MODE", "production")
    module = {"demo": "demo", "dev": "dev", "test": "test"}.get(mode, "prod")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", f"qingting.config.settings.{module}")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["qingting", *sys.argv[1:]])


if __name__ == "__main__":
    main()
