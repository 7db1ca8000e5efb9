"""A case of a girl who does not go to school any more, and whom one would ask to the table."""

from datetime import timedelta

import pytest
from django.db import transaction

from qingting.cases.services import NewCase, open_case
from qingting.conferences.services import NewConference, convene
from qingting.contacts.models import Contact
from qingting.contacts.states import Channel
from qingting.core import time
from qingting.core.scope import acting
from qingting.directory.states import PartnerKind
from qingting.linkage.services import NewDesk, register_desk
from qingting.seekers.services import record_seeker

SECRET = "她半夜常常一个人在操场"


@pytest.fixture
def at():
    """Now: what is opened to guests ends by the database's own clock."""
    return time.now()


def partner(tree, name, kind, manner, at):
    """A partner organisation of the province with its desk."""
    organisation = tree._add("PARTNER", name, "440000", "440000", None, kind)
    organisation.save(force_insert=True)
    code = f"desk-{kind.value.lower().replace('_', '-')}"
    new = NewDesk(code=code, station=tree.station, partner=organisation, phone="020-1", manner=manner)
    with transaction.atomic():
        register_desk(desk=new, at=at)
    return organisation


@pytest.fixture
def school_office(tree, at):
    """Education, with a page of its own."""
    return partner(tree, "广东教育", PartnerKind.EDUCATION, "PAGE", at)


@pytest.fixture
def court(tree, at):
    """The court, which takes letters."""
    return partner(tree, "广东法院", PartnerKind.COURT, "LETTER", at)


@pytest.fixture
def teacher(tree, school_office):
    """Somebody of education who signs in to the page."""
    return tree.person("PARTNER_OPERATOR", school_office, "陈老师")


@pytest.fixture
def stranger(tree, at):
    """Somebody of a partner that is not invited."""
    return tree.person("PARTNER_OPERATOR", partner(tree, "广东妇联", PartnerKind.WOMEN, "PAGE", at), "何")


@pytest.fixture
def case(agent_here, at, known_clock_rules, known_categories):
    """A girl of 14 to 17 who stays away from school."""
    with acting(agent_here.scope), transaction.atomic():
        seeker = record_seeker(actor=agent_here, age_band="FROM_14_TO_17", gender="FEMALE", at=at)
        contact = Contact.objects.create(
            organisation_id=agent_here.organisation_id,
            province="440000",
            channel=Channel.WEB,
            seeker_id=seeker.pk,
            age_band="FROM_14_TO_17",
            gender="FEMALE",
            account_id=agent_here.account_id,
            first_contact_owner_account_id=agent_here.account_id,
            started_at=at,
            declared_division="440106",
        )
        new = NewCase("PSYCHOLOGY_SUICIDE", "URGENT", "440106", SECRET)
        return open_case(actor=agent_here, contact_id=contact.id, new=new, at=at)


def asked(at, *guests, **other):
    """What a shift leader fills in."""
    new = {
        "kind": "PROTECTION",
        "topic": "一名初中生的返校和照护",
        "starts_at": at + timedelta(hours=2),
        "place": "二楼会议室",
        "agenda": "各单位通报情况\n商定分工",
        "words": "已两个月未到校，家中无人照料。",
        "guests": frozenset(guest.pk for guest in guests),
        "tells": frozenset({"age"}),
    }
    return NewConference(**(new | other))


@pytest.fixture
def called(leader_here, case, school_office, court, teacher, at):
    """A conference with education and the court, two hours from now."""
    with acting(leader_here.scope):
        return convene(actor=leader_here, case_id=case.pk, new=asked(at, school_office, court), at=at)
