"""A station with a list, a case in danger, and a 110 desk on the other end of the wire."""

from datetime import timedelta
from functools import cache

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client

from deskwire.client import DeskClient, Peer
from qingting.cases.services import NewCase, open_case
from qingting.contacts.models import Contact
from qingting.contacts.states import Channel
from qingting.core import time
from qingting.core.actors import SYSTEM
from qingting.core.scope import EVERYTHING, acting
from qingting.directory import reference
from qingting.directory.models import LinkageItem, LinkageList
from qingting.linkage import services, wire
from qingting.linkage.services import NewDesk, lanes, receiving, waking
from qingting.linkage.tests.desks import PoliceDesk
from qingting.risk.services import Judgement, assess
from qingting.seekers.services import record_seeker, store_datum
from qingting.staff.models import Session
from qingting.staff.sessions import digest


@pytest.fixture
def at():
    """Now: signatures on the wire must be fresh."""
    return time.now()


@pytest.fixture(autouse=True)
def fresh_wire(monkeypatch):
    """No connection, no key and no count of strangers is carried from one test to the next; nothing is sent behind a test's back."""
    wire.forget()
    receiving.receiver.cache_clear()
    monkeypatch.setattr(receiving, "_full", {})
    monkeypatch.setattr(waking, "send_now", lambda: None)
    # Only the test's own thread sees what its transaction wrote.
    monkeypatch.setattr(lanes.Lanes, "each", lambda self, items, step: sum(step(item) for _, item in items))
    yield
    wire.forget()
    receiving.receiver.cache_clear()


@pytest.fixture
def rules_in_force(known_clock_rules):
    for entry, items in reference.linkage_lists():
        LinkageList.objects.bulk_create([LinkageList(**entry)], ignore_conflicts=True)
        LinkageItem.objects.bulk_create((LinkageItem(**item) for item in items), ignore_conflicts=True)


@pytest.fixture
def police(tree, at, rules_in_force, monkeypatch):
    """110, registered with its key, reached through a wire that the test can cut."""
    desk = PoliceDesk()
    connection = DeskClient(
        Peer("desk-110", "http://desk-110"),
        wire.identity(),
        wire.DeskKeyring(),
        transport=desk.transport(),
    )
    monkeypatch.setattr(wire, "_client", cache(lambda code, url: connection))
    with acting(EVERYTHING):
        services.register_desk(
            actor=SYSTEM,
            desk=NewDesk(
                code="desk-110",
                station=tree.station,
                partner=tree.police,
                url="https://desk-110",
                phone="020-110",
                keys=(desk.public_entry(),),
            ),
            at=at,
        )
    return desk


@pytest.fixture
def case(agent_here, at, rules_in_force):
    """A girl of 14 to 17 with a plan for tonight, who said where she is and left her number."""
    with acting(agent_here.scope), transaction.atomic():
        seeker = record_seeker(actor=agent_here, age_band="FROM_14_TO_17", gender="FEMALE", at=at)
        store_datum(actor=agent_here, seeker_id=seeker.pk, kind="PHONE", value="13912345678", at=at)
        contact = Contact.objects.create(
            organisation_id=agent_here.organisation_id,
            province="440000",
            channel=Channel.WEB,
            conversation_id=501,
            seeker_id=seeker.pk,
            age_band="FROM_14_TO_17",
            gender="FEMALE",
            account_id=agent_here.account_id,
            first_contact_owner_account_id=agent_here.account_id,
            started_at=at,
            declared_division="440106",
        )
        new = NewCase("PSYCHOLOGY_SUICIDE", "CRITICAL", "440106", "夜里独自在家")
        case = open_case(actor=agent_here, contact_id=contact.id, new=new, at=at)
        assess(
            actor=agent_here,
            contact_id=contact.id,
            judgement=Judgement(
                ANSWERS,
                "CRITICAL",
                whereabouts="天河区某小区12栋天台",
                whereabouts_source="TOLD",
            ),
            at=at,
        )
    return case


ANSWERS = {
    "ideation": "ACTIVE",
    "plan": "CONCRETE",
    "means": "AT_HAND",
    "intent": "DETERMINED",
    "timing": "WITHIN_24_HOURS",
    "previous_attempts": "UNKNOWN",
    "harm_to_others": "NONE",
    "company": "ALONE",
}


@pytest.fixture
def sign_in(db):
    """`sign_in(actor)`: a browser in which that person is signed in."""

    def signed_in(actor):
        at, token = time.now(), f"token-{actor.account_id}"
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
