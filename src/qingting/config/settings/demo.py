"""`make run`: everything on one machine over plain HTTP, with demo organisations, accounts and keys."""

from qingting.config.settings.base import *  # noqa: F403

MODE = "demo"

# What `demo-data` loads, in this order; each is called with `at=`.
DEMO_DATA = [
    "qingting.directory.demo.load",
    "qingting.staff.demo.load",
    "qingting.linkage.demo.load",
]
