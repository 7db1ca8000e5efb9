"""`make run`: everything on one machine over plain HTTP, with demo organisations, accounts and keys."""

from qingting.config.settings.base import *  # noqa: F403

MODE = "demo"
