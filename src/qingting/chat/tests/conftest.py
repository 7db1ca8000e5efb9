"""A seeker on a phone, and a counsellor who is ready."""

import pytest

from qingting.chat import services
from qingting.chat.visits import open_visit, seeker_actor
from qingting.core.scope import EVERYTHING, acting
from qingting.directory.models import ClockRule
from qingting.duty.services import set_presence


@pytest.fixture
def clock_rules(db):
    """Thirty minutes to an intervention."""
    ClockRule.objects.update_or_create(
        organisation=None,
        kind="CRISIS_INTERVENTION",
        defaults={"minutes": 30, "warn_minutes_before": 10, "escalate_minutes": 10, "source": "测试"},
    )


@pytest.fixture
def seeker(tree, clock_rules, at):
    """Somebody who opened the portal of the station here."""
    _token, visit = open_visit(tree.station, at=at)
    return seeker_actor(visit)


@pytest.fixture
def ready(agent_here, at):
    """The counsellor here says that she is ready."""
    with acting(agent_here.scope):
        set_presence(actor=agent_here, state="READY", at=at)
    return agent_here


@pytest.fixture
def waiting(seeker, at):
    """A conversation that waits."""
    with acting(seeker.scope):
        return services.start_conversation(actor=seeker, at=at)


@pytest.fixture
def talking(ready, waiting, at):
    """The same conversation, taken by the counsellor here."""
    from qingting.duty.models import Offer

    with acting(EVERYTHING):
        offer = Offer.objects.get(account_id=ready.account_id, state="OPEN")
    with acting(ready.scope):
        return services.accept_conversation(actor=ready, offer_id=offer.id, at=at)
