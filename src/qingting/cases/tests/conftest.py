"""A contact at Guangdong's station, ready for a case."""

import pytest
from django.db import transaction

from qingting.cases.services import NewCase, open_case
from qingting.contacts.models import Contact
from qingting.contacts.states import Channel
from qingting.core.scope import acting
from qingting.directory.models import ClockRule


@pytest.fixture
def clock_rules(db):
    kinds = {
        "CRISIS_INTERVENTION": 30,
        "CONSULTATION": 24 * 60,
        "CASE_REPLY": 48 * 60,
        "ORDER_ACCEPTANCE": 120,
        "FOLLOW_UP": 72 * 60,
        "ORDER_REVIEW": 24 * 60,
        "TRACKING": 7 * 24 * 60,
    }
    rules = (
        ClockRule(kind=kind, minutes=span, warn_minutes_before=span // 4, escalate_minutes=60, source="test")
        for kind, span in kinds.items()
    )
    ClockRule.objects.bulk_create(rules, ignore_conflicts=True)


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
