"""A case whose young person needs help that costs money, and the three people it takes."""

import pytest
from django.db import transaction

from qingting.assistance.services import Application, Grant, apply, approve, check
from qingting.cases.services import NewCase, open_case
from qingting.contacts.models import Contact
from qingting.contacts.states import Channel
from qingting.core import time
from qingting.core.scope import acting
from qingting.seekers.services import record_seeker


@pytest.fixture
def at():
    """Now: what is opened to others ends by the database's own clock."""
    return time.now()


@pytest.fixture
def decider(tree):
    """Whoever approves at the province."""
    return tree.person("REVIEWER", tree.province, "沈处")


@pytest.fixture
def case(agent_here, at, known_clock_rules, known_categories):
    """A boy who can't pay for school."""
    with acting(agent_here.scope), transaction.atomic():
        seeker = record_seeker(actor=agent_here, age_band="FROM_14_TO_17", gender="MALE", at=at)
        contact = Contact.objects.create(
            organisation_id=agent_here.organisation_id,
            province="440000",
            channel=Channel.WEB,
            seeker_id=seeker.pk,
            account_id=agent_here.account_id,
            first_contact_owner_account_id=agent_here.account_id,
            started_at=at,
            declared_division="440106",
        )
        new = NewCase("PSYCHOLOGY_SUICIDE", "ROUTINE", "440106", "交不起学费")
        return open_case(actor=agent_here, contact_id=contact.id, new=new, at=at)


@pytest.fixture
def applied(agent_here, case, at):
    with acting(agent_here.scope):
        return apply(actor=agent_here, case_id=case.pk, new=Application("GRANT", 120_000, "父亲失业，欠学费"), at=at)


@pytest.fixture
def checked(applied, leader_here, at):
    with acting(leader_here.scope):
        return check(actor=leader_here, application_id=applied.pk, words="与学校核对属实", at=at)


@pytest.fixture
def approved(checked, decider, tree, at):
    grant = Grant(100_000, "希望工程", tree.county.pk, "助学一千元")
    with acting(decider.scope):
        return approve(actor=decider, application_id=checked.pk, grant=grant, at=at)
