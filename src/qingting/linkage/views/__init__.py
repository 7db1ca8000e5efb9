"""Pages and fragments of linkage."""

from qingting.linkage.views import (
    handoffs,
    incoming,
    joining,
    letters,
    links,
    panel,
    partner,
    referring,
    registering,
    reports,
)

__all__ = [
    "handoffs",
    "incoming",
    "joining",
    "letters",
    "links",
    "panel",
    "partner",
    "referring",
    "registering",
    "reports",
]
