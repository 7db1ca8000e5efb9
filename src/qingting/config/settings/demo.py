"""`make run`: everything on one machine over plain HTTP, with demo organisations, accounts and keys."""

from qingting.config.settings.base import *  # noqa: F403

MODE = "demo"

# What `demo-data` loads, in this order; each is called with `at=`.
DEMO_DATA = [
    "qingting.directory.demo.load",
    "qingting.staff.demo.load",
    "qingting.knowledge.demo.load",
    "qingting.linkage.demo.load",
    "qingting.telephony.demo.load",
]

# Played seekers on this machine come from many addresses (see `simulation`); real ones are not trusted with theirs.
TRUSTED_PROXIES = [*TRUSTED_PROXIES, "127.0.0.1"]  # noqa: F405
