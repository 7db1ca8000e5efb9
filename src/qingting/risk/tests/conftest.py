"""A contact in whose conversation danger was seen, with its clock running."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from qingting.chat.models import Conversation
from qingting.contacts.services import Beginning, open_contact
from qingting.core import time
from qingting.core.clocks import Span, start_clock
from qingting.core.scope import acting
from qingting.risk.states import QUESTIONS
from qingting.staff.models import Session
from qingting.staff.sessions import digest


@pytest.fixture
def here(agent_here):
    """Act as the counsellor of Guangdong's station."""
    with acting(agent_here.scope):
        yield agent_here


@pytest.fixture
def contact(here, at):
    conversation = Conversation.objects.create(
        organisation_id=here.organisation_id,
        province=here.province,
        started_at=at,
        answered_at=at,
        danger_level="CRITICAL",
        danger_since=at,
    )
    span = Span(at + timedelta(minutes=30), at + timedelta(minutes=20), timedelta(minutes=10))
    start_clock(actor=here, kind="CRISIS_INTERVENTION", subject=("conversation", conversation.pk), span=span, at=at)
    beginning = Beginning("WEB", at, conversation_id=conversation.pk, answered_at=at)
    return open_contact(actor=here, beginning=beginning, at=at)


@pytest.fixture
def calm():
    """Every question asked, nothing grave."""
    return {**dict.fromkeys(QUESTIONS, "NONE"), "company": "WITH_SOMEONE"}


@pytest.fixture
def grave(calm):
    """A concrete plan within the day."""
    return {**calm, "ideation": "ACTIVE", "plan": "CONCRETE", "timing": "WITHIN_24_HOURS", "intent": "UNSURE"}


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
