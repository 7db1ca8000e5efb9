"""From a case 110, 120 and a guardian are called by one click: by whom, how often, with which warning, and what stays on the record."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse

from qingting.cases import calling
from qingting.cases.models import Case
from qingting.core.errors import DomainError, Invalid, NotAllowed, NotFound
from qingting.core.models import Entry
from qingting.core.scope import EVERYTHING, acting
from qingting.seekers.models import UnmaskReason
from qingting.seekers.services import record_seeker, store_datum
from qingting.telephony.models import CallAct, OutsideCall, SipAccount
from qingting.telephony.services.outbound import begin_outbound
from qingting.telephony.services.outside import note_outside

pytestmark = pytest.mark.django_db
NUMBER = "13700137000"


@pytest.fixture
def seated(agent_here, at):
    """The counsellor here has a telephone that would ring."""
    with acting(EVERYTHING):
        SipAccount.objects.create(
            organisation_id=agent_here.organisation_id,
            province=agent_here.province,
            kind="SEAT",
            username="seat-1",
            account_id=agent_here.account_id,
            registered=True,
            created_at=at,
            expires_at=at + timedelta(hours=9),
        )
    return agent_here


@pytest.fixture
def known(case, agent_here, at):
    """The case's young person, with a guardian's number in the vault."""
    with acting(agent_here.scope):
        seeker = record_seeker(actor=agent_here, at=at)
        store_datum(actor=agent_here, seeker_id=seeker.pk, kind="GUARDIAN_PHONE", value=NUMBER, at=at)
    with acting(EVERYTHING), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(seeker_id=seeker.pk)
        case.refresh_from_db()
    return case


@pytest.fixture
def calls(known, seated, at):
    """`calls(party)`: the counsellor presses the button."""

    def call(party="GUARDIAN", *, actor=None, moment=None, **more):
        who = actor or seated
        with acting(who.scope):
            return calling.call_outside(actor=who, case_id=known.pk, party=party, at=moment or at, **more)

    return call


def came_of_it(outcome, at):
    with acting(EVERYTHING):
        note_outside(outside_id=OutsideCall.objects.latest("asked_at").pk, outcome=outcome, at=at)


def test_the_number_is_dialled_and_seen_by_nobody_and_the_look_is_on_the_record(calls, known, at):
    act = calls()
    assert (act.kind, act.state) == ("CALL_OUT", "ASKED")
    with acting(EVERYTHING):
        row = OutsideCall.objects.get()
        assert NUMBER.encode() not in bytes(row.number_sealed)
        assert (row.number_tail, row.account_id) == ("00", act.account_id)
        assert UnmaskReason.objects.get().reason_code == "LIFE_AT_STAKE"
        assert NUMBER not in str(list(Entry.objects.values_list("data", "ids")))
        reach = begin_outbound(call_id=77, act_id=act.pk, asterisk="asterisk", channel="seat", at=at)
    assert (reach.number, reach.informs, reach.leg) == (NUMBER, True, "GUARDIAN")
    came_of_it("TALKED", at)
    with acting(EVERYTHING):
        assert OutsideCall.objects.get().number_sealed is None
        names = list(
            Entry.objects.filter(case_id=known.pk, name__startswith="telephony").values_list("name", flat=True)
        )
    assert names == ["telephony.outside-asked", "telephony.outside-ended"]


def test_110_and_120_need_no_number_and_hear_no_notice(calls, at):
    for party, number in (("POLICE_110", ""), ("AMBULANCE", "120")):
        act = calls(party)
        with acting(EVERYTHING):
            reach = begin_outbound(call_id=act.pk, act_id=act.pk, asterisk="asterisk", channel="seat", at=at)
        assert (reach.number, reach.to_police, reach.informs) == (number, party == "POLICE_110", False)
        came_of_it("TALKED", at)


@pytest.mark.parametrize("outcome", ["BUSY", "DECLINED", "NO_ANSWER", "UNREACHABLE"])
def test_a_guardian_who_is_not_reached_is_tried_again_later_and_not_at_once(calls, known, outcome, at):
    with acting(EVERYTHING):
        Case.objects.filter(pk=known.pk).update(urgency="URGENT")
    calls()
    came_of_it(outcome, at)
    with pytest.raises(DomainError) as refused:
        calls(moment=at + timedelta(minutes=9))
    assert refused.value.code == "telephony.outside.too-soon"
    calls(moment=at + timedelta(minutes=10))


def test_in_a_crisis_the_pause_is_a_minute_and_six_times_a_day_are_enough(calls, at):
    for turn in range(6):
        calls(moment=at + timedelta(minutes=turn))
        came_of_it("NO_ANSWER", at + timedelta(minutes=turn))
    with pytest.raises(DomainError):
        calls(moment=at + timedelta(minutes=9))
    calls(moment=at + timedelta(days=1, seconds=1))


def test_what_was_never_dialled_counts_for_nothing_and_twice_at_once_is_once(calls, at):
    calls()
    with pytest.raises(DomainError) as refused:
        calls()
    assert refused.value.code == "telephony.outside.under-way"
    came_of_it("NOT_DIALLED", at)
    calls()


def test_where_the_guardian_may_be_the_danger_somebody_has_to_say_that_they_know(calls, known, at):
    with acting(EVERYTHING):
        Case.objects.filter(pk=known.pk).update(category="FAMILY_VIOLENCE")
    with pytest.raises(DomainError) as refused:
        calls()
    assert refused.value.code == "cases.call.guardian-may-harm"
    with acting(EVERYTHING):
        assert not CallAct.objects.exists()
        assert not UnmaskReason.objects.exists()
    calls(confirmed=True)
    with acting(EVERYTHING):
        assert OutsideCall.objects.get().confirmed
        assert Entry.objects.get(name="telephony.outside-asked").data["confirmed"] is True


def test_only_counsellors_of_the_case_s_own_station_and_only_while_it_is_open(calls, known, agent_elsewhere, at):
    with pytest.raises(NotFound):
        calls(actor=agent_elsewhere)
    with pytest.raises(Invalid):
        calls("PIZZA")
    with acting(EVERYTHING):
        Case.objects.filter(pk=known.pk).update(state="CLOSED")
    with pytest.raises(NotAllowed):
        calls("POLICE_110")


def test_into_a_call_about_something_else_nobody_is_brought(calls):
    with pytest.raises(DomainError) as refused:
        calls("POLICE_110", joins=12345)
    assert refused.value.code == "cases.call.other-call"


def test_the_panel_shows_the_end_of_the_number_the_warning_and_what_came_of_it(calls, known, seated, browser, at):
    with acting(EVERYTHING):
        Case.objects.filter(pk=known.pk).update(category="RIGHTS_ABUSE")
    calls(confirmed=True)
    came_of_it("DECLINED", at)
    page = browser(seated).get(reverse("cases:calling", args=[known.pk])).content.decode()
    assert NUMBER not in page
    for words in ("尾号", "监护人可能就是伤害孩子的人", "对方拒接", "110", "120"):
        assert words in page
    answer = browser(seated).post(reverse("cases:call", args=[known.pk]), {"party": "AMBULANCE"})
    assert answer.status_code == 202
