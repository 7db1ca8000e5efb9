"""A contact at Guangdong's station, ready for a case."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client

from qingting.cases.services import NewCase, open_case
from qingting.contacts.models import Contact
from qingting.contacts.states import Channel
from qingting.core import time
from qingting.core.scope import acting
from qingting.directory.models import ClockRule
from qingting.staff.models import Session
from qingting.staff.sessions import digest


@pytest.fixture
def clock_rules(db):
    for kind, minutes in (
        ("CRISIS_INTERVENTION", 30),
        ("CONSULTATION", 24 * 60),
        ("CASE_REPLY", 48 * 60),
        ("ORDER_ACCEPTANCE", 120),
        ("FOLLOW_UP", 72 * 60),
    ):
        ClockRule.objects.get_or_create(
            organisation=None,
            kind=kind,
            defaults={
                "minutes": minutes,
                "warn_minutes_before": minutes // 4,
                "escalate_minutes": 60,
                "source": "test",
            },
        )


@pytest.fixture
def contact(agent_here, at, clock_rules):
    with acting(agent_here.scope), transaction.atomic():
        return Contact.objects.create(
            organisation_id=agent_here.organisation_id,
            province="440000",
            channel=Channel.WEB,
            conversation_id=501,
            seeker_id=601,
            account_id=agent_here.account_id,
            first_contact_owner_account_id=agent_here.account_id,
            started_at=at,
            declared_division="440106",
        )


@pytest.fixture
def new_case():
    return NewCase("PSYCHOLOGY_SUICIDE", "CRITICAL", "440106", "夜里独自在家")


@pytest.fixture
def case(agent_here, contact, new_case, at):
    with acting(agent_here.scope):
        return open_case(actor=agent_here, contact_id=contact.id, new=new_case, at=at)


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
        client = Client(headers={"Sec-Fetch-Site": "same-origin"})
        client.cookies[settings.SESSION_COOKIE] = token
        return client

    return signed_in
