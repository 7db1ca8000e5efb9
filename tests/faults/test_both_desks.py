"""What goes between the desks goes once, whoever is killed meanwhile: both desks keep the same messages (R-D2, R-D5)."""

import sqlite3

import pytest

from qingting.simulation.browser import RefusedError
from qingting.simulation.counsellor import Counsellor
from qingting.simulation.operators import Operator
from qingting.simulation.seeker import Seeker
from tests.faults.chaos import PARTS, Chaos
from tests.platform import Platform, eventually

pytestmark = pytest.mark.faults
HANDOFFS = 2
DIVISION = "440106"


def at_a_seat(platform: Platform) -> tuple[Seeker, Counsellor, int]:
    """A seeker and a counsellor in a talk."""
    counsellor = Counsellor(platform.staff("counsellor").browser)
    counsellor.be("READY")
    seeker = Seeker(platform.seeker())
    seeker.begin()
    seeker.say("你好，有人吗")
    conversation = eventually(lambda: offered_to(counsellor), "an offer", seconds=180)
    return seeker, counsellor, conversation


def offered_to(counsellor: Counsellor) -> int:
    """The conversation on offer to a seat that says, as its page does, that it is still there; 0 while there is none."""
    counsellor.stay()
    return counsellor.take_offer()


def critical_case(counsellor: Counsellor, conversation: int) -> int:
    contact = counsellor.contact_of(conversation)
    summary = "在楼顶，愿意继续聊"
    category = counsellor.fill_in(contact, level="CRITICAL", summary=summary, division=DIVISION)
    counsellor.assess(contact, level="CRITICAL", where="小区三号楼楼顶")
    return counsellor.open_case(contact, urgency="CRITICAL", division=DIVISION, category=category)


def test_every_handoff_arrives_once_and_comes_back_once(platform: Platform):
    cases = []
    with Chaos(platform, seed=11) as chaos:
        while len(cases) < HANDOFFS or not chaos.has_struck:
            cases.append(handed_off_and_answered(platform))
    assert all(chaos.killed[part] for part in PARTS)
    for case in cases:
        both_desks_agree(platform, case)
    assert "0 findings" in platform.command("journal", "verify")


def handed_off_and_answered(platform: Platform) -> int:
    """One crisis handed to 110, acknowledged, and its result reported."""
    _, counsellor, conversation = at_a_seat(platform)
    case = critical_case(counsellor, conversation)
    operator = platform.operator()
    seen = set(operator.incidents())
    until_done(lambda: counsellor.hand_off(case, item=1, words="请尽快到场"))
    assert platform.sql("select count(*) from linkage_handoff where case_id = %s", case) == [(1,)]
    (incident,) = eventually(lambda: set(operator.incidents()) - seen, "the incident at the desk", seconds=120)
    report(operator, incident, "acknowledgement", incident_no="")
    report(operator, incident, "progress", stage="DISPATCHED", text="")
    report(operator, incident, "result", outcome="PERSON_SAFE", reached="yes", text="人已安全")
    counsellor.end(conversation)
    return case


def until_done(act) -> None:
    """Do something whose answer may have been lost with the server: a refusal on asking again means that it was done."""
    try:
        act()
    except RefusedError as refusal:
        if refusal.status != 409:
            raise


def report(operator: Operator, incident: str, kind: str, **fields: str) -> None:
    if kind in eventually(lambda: operator.can(incident), "the desk's page"):
        until_done(lambda: operator.act(incident, kind, **fields))


def both_desks_agree(platform: Platform, case: int) -> None:
    query = "select link_id::text, state, officers_reached from linkage_handoff where case_id = %s"
    eventually(lambda: [row[1] for row in platform.sql(query, case)] == ["COMPLETED"], f"the result of case {case}")
    ((link, _, reached),) = platform.sql(query, case)
    assert reached is True
    ours = platform.sql(
        "select way, seq, message_id::text, type, digest from linkage_deskmessage where link_id = %s::uuid order by way, seq",
        link,
    )
    sent, received = ([row[2:4] for row in ours if row[0] == way] for way in ("OUT", "IN"))
    assert [kind for _, kind in sent] == ["handoff"]
    assert [kind for _, kind in received] == ["acknowledgement", "progress", "result"]
    with sqlite3.connect(f"file:{platform.rehearsal.var}/policedesk/desk.sqlite3?mode=ro", uri=True) as desk:
        arrived = desk.execute("select message_id from received where link_id = ? order by seq", (link,)).fetchall()
        answered = desk.execute("select message_id from sent where link_id = ? order by seq", (link,)).fetchall()
    assert [row[0] for row in arrived] == [message for message, _ in sent]
    assert [row[0] for row in answered] == [message for message, _ in received]
    holds = platform.sql("select kind, lifted_at is null from cases_casehold where case_id = %s", case)
    assert [standing for kind, standing in holds if kind == "HANDOFF_OPEN"] == [False]
    told = platform.sql("select name, count(*) from core_entry where case_id = %s group by name", case)
    counts = dict(told)
    assert {counts[name] for name in counts if name.startswith("linkage.") and "progress" not in name} <= {1}, counts
