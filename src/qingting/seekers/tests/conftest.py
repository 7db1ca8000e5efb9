"""A seeker at Guangdong's station, and a look at what is really stored."""

import pytest

from qingting.core.scope import acting
from qingting.seekers import services


@pytest.fixture
def here(agent_here):
    """Act as the counsellor of Guangdong's station."""
    with acting(agent_here.scope):
        yield agent_here


@pytest.fixture
def seeker(here, at):
    return services.record_seeker(actor=here, at=at, age_band="FROM_14_TO_17", gender="FEMALE")


@pytest.fixture
def child(here, at):
    return services.record_seeker(actor=here, at=at, age_band="FROM_6_TO_11")


@pytest.fixture
def phone(here, seeker, at):
    return services.store_datum(actor=here, seeker_id=seeker.pk, kind="PHONE", value="138 1234 5678", at=at)
