"""Somebody else was speaking: a contact put into the wrong file gets one of its own."""

import pytest

from qingting.contacts import services
from qingting.contacts.states import Channel
from qingting.core.errors import DomainError
from qingting.core.scope import acting
from qingting.seekers.services import record_seeker, store_datum


@pytest.fixture
def wrong(agent_here, at):
    with acting(agent_here.scope):
        seeker = record_seeker(actor=agent_here, at=at)
        store_datum(actor=agent_here, seeker_id=seeker.pk, kind="PHONE", value="02012345678", at=at)
        contact = services.record_walk_in(actor=agent_here, channel=Channel.WALK_IN, started_at=at, at=at)
        services.link_seeker(actor=agent_here, contact_id=contact.pk, seeker_id=seeker.pk, at=at)
        yield contact, seeker


def test_the_contact_leaves_the_file_and_can_go_back(wrong, agent_here, at):
    contact, seeker = wrong
    apart = services.separate_contact(actor=agent_here, contact_id=contact.pk, at=at)
    assert apart.seeker_id not in {None, seeker.pk}
    back = services.link_seeker(actor=agent_here, contact_id=contact.pk, seeker_id=seeker.pk, at=at)
    assert back.seeker_id == seeker.pk


def test_what_has_no_person_yet_is_refused(agent_here, at):
    with acting(agent_here.scope):
        contact = services.record_walk_in(actor=agent_here, channel=Channel.WALK_IN, started_at=at, at=at)
        with pytest.raises(DomainError):
            services.separate_contact(actor=agent_here, contact_id=contact.pk, at=at)
