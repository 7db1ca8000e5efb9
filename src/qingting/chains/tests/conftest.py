"""A young person in Guangxi who called Guangdong, the national desk, and a regional centre."""

from dataclasses import dataclass

import pytest
from django.db import transaction

from qingting.cases.services import NewCase, open_case
from qingting.chains import services
from qingting.chains.models import Chain
from qingting.chains.services import NewChain, Said
from qingting.contacts.models import Contact
from qingting.contacts.states import Channel
from qingting.core import time
from qingting.core.scope import EVERYTHING, acting
from qingting.directory.models import Division
from qingting.risk.services import Judgement, assess
from qingting.seekers.services import record_seeker, store_datum

SECRET = "在南宁青秀山顶的栏杆外面"
PHONE = "13912345678"
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
def at():
    """Now: what is told carries moments that other houses compare with their clocks."""
    return time.now()


@dataclass
class Parties:
    """Who acts for whom: counsellor, shift leader over there, national desk, regional centre."""

    origin: object
    destination: object
    nation: object
    centre: object

    def of(self, role):
        return {
            "ORIGIN": self.origin,
            "DESTINATION": self.destination,
            "NATIONAL": self.nation,
            "CENTRE": self.centre,
        }[role]


@pytest.fixture
def parties(tree, agent_here, known_clock_rules, known_categories):
    Division.objects.get_or_create(code="420000", defaults={"name": "湖北省", "level": "PROVINCE"})
    Division.objects.get_or_create(code="420100", defaults={"name": "武汉市", "level": "CITY", "parent_id": "420000"})
    centre = tree._add("REGIONAL_CENTRE", "武汉区域中心", "000000", "420100", tree.nation)
    centre.save(force_insert=True)
    tree._add("PROVINCE", "湖北团省委", "420000", "420000", tree.nation).save(force_insert=True)
    return Parties(
        agent_here,
        tree.person("SHIFT_LEADER", tree.elsewhere_station, "覃岚"),
        tree.person("NATIONAL_DESK", tree.nation, "沈若琳"),
        tree.person("REGIONAL_ADVISER", centre, "江予安"),
    )


@pytest.fixture
def case(agent_here, at, known_clock_rules, known_categories):
    """A girl who says where she is and left her number."""
    with acting(agent_here.scope), transaction.atomic():
        seeker = record_seeker(actor=agent_here, age_band="FROM_14_TO_17", gender="FEMALE", at=at)
        store_datum(actor=agent_here, seeker_id=seeker.pk, kind="PHONE", value=PHONE, at=at)
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
        )
        found = open_case(
            actor=agent_here, contact_id=contact.id, new=NewCase("PSYCHOLOGY_SUICIDE", "CRITICAL", "440106"), at=at
        )
        judged = Judgement(ANSWERS, "CRITICAL", whereabouts=SECRET, whereabouts_source="TOLD")
        assess(actor=agent_here, contact_id=contact.id, judgement=judged, at=at)
    return found


def asked(**other):
    new = {"destination": "450000", "urgency": "CRITICAL", "words": "说马上要跳，只肯和电话里的老师说话"}
    return NewChain(**(new | other))


@pytest.fixture
def raised(parties, case, at):
    """The chain, as the origin reads it."""
    with acting(parties.origin.scope):
        return services.raise_chain(actor=parties.origin, case_id=case.pk, new=asked(), at=at)


def files():
    """Each party's file as it is stored, by role."""
    with acting(EVERYTHING), transaction.atomic():
        return {row.role: row for row in Chain.objects.select_related("case")}


def do(parties, role, act, at, **said):
    """An act of a party in its own file."""
    chain, actor = files()[role], parties.of(role)
    given = {"words": "已安排人员前往"} | said
    with acting(actor.scope):
        return services.act(actor=actor, chain_id=chain.pk, code=act, said=Said(**given), at=at)
