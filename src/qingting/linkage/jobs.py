"""What the worker does for linkage, a step at a time. Each returns how much was done; 0 means there was nothing to do."""

from datetime import datetime

from django.db import transaction

from qingting.core.scope import EVERYTHING, acting
from qingting.linkage import services
from qingting.linkage.store import forget_nonces


def outbox_step(*, at: datetime) -> int:
    """Send what is due. Call every 200 ms: the sender of the web process is faster, this is its safety net."""
    return services.send_due(at=at)


def poll_step(*, at: datetime) -> int:
    """Pull from every desk what did not get through. Call every 3 s."""
    return services.poll_peers(at=at)


def link_step(*, at: datetime) -> int:
    """Feel the pulse of every line. Call every 1.5 s, in a thread of its own: a silent desk takes 1.8 s to give up on."""
    return services.check_links(at=at)


def tidy_step(*, at: datetime) -> int:
    """Forget nonces that are too old to be replayed. Call every minute."""
    with acting(EVERYTHING), transaction.atomic():
        return forget_nonces(at=at)
