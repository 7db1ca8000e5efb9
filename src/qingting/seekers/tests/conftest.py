"""A seeker at Guangdong's station, and a look at what is really stored."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from qingting.core import time
from qingting.core.scope import acting
from qingting.seekers import services
from qingting.staff.models import Session
from qingting.staff.sessions import digest


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


@pytest.fixture
def browser(db):
    """`browser(actor)`: a client with a live session of that person, for the organisation they act for."""

    def signed_in(actor) -> Client:
        at, token = time.now(), f"a token of {actor.account_id}"
        Session.objects.create(
            account_id=actor.account_id,
            digest=digest(token),
            organisation_id=actor.organisation_id,
            created_at=at,
            last_seen_at=at,
            expires_at=at + timedelta(hours=1),
            second_factor_at=at,
        )
        client = Client()
        client.cookies[settings.SESSION_COOKIE] = token
        return client

    return signed_in
