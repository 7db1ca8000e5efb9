"""From the invitation to the end: who is told what, what is decided becomes work, and nothing stays open behind it."""

from datetime import timedelta

import pytest

from qingting.cases.selectors import holds_of, timeline, visible_to
from qingting.cases.services import close_case
from qingting.conferences import rules, selectors, services
from qingting.conferences.models import CaseConference, ConferenceDecision, ConferenceNote, ConferenceSeat
from qingting.conferences.services import Decision, OrderWanted, Record
from qingting.conferences.tests.conftest import SECRET, asked
from qingting.core.clocks import tick
from qingting.core.errors import DomainError, Invalid, NotAllowed, NotFound
from qingting.core.models import Clock, Grant
from qingting.core.scope import EVERYTHING, acting
from qingting.linkage.services import Answer, Referral, Wish, answer_as_partner
from qingting.orders import services as orders
from qingting.seekers.models import Consent
from qingting.staff.models import Notice

pytestmark = pytest.mark.slow

LATER = timedelta(hours=3)
MINUTES = "教育部门安排返校，街道安排照料，一个月后再看。"


@pytest.fixture
def held(called, leader_here, at):
    """The meeting took place; education came."""
    with acting(leader_here.scope):
        seat = ConferenceSeat.objects.get(conference=called, invited="PAGE")
        return services.record_meeting(
            actor=leader_here, conference_id=called.pk, record=Record(MINUTES, {seat.pk: "陈老师"}), at=at + LATER
        )


@pytest.fixture
def decision(at):
    return Decision("安排班主任家访，商定返校时间", "陈老师", at + timedelta(days=7))


@pytest.fixture
def ordered(held, leader_here, decision, tree, at):
    """Decided: the county visits her; an order is out."""
    wanted = OrderWanted("SCHOOLING", "ROUTINE", tree.county.pk)
    with acting(leader_here.scope):
        return services.decide_order(
            actor=leader_here, conference_id=held.pk, decision=decision, wanted=wanted, at=at + LATER
        )


@pytest.fixture
def referred(held, leader_here, decision, at):
    """Decided: education brings her back to school; a referral is out."""
    referral = Referral("TO_EDUCATION_RETURN", wish=Wish(decision.words), agreed="GUARDIAN")
    with acting(leader_here.scope):
        return services.decide_referral(
            actor=leader_here, conference_id=held.pk, decision=decision, referral=referral, at=at + LATER
        )


def end(actor, conference, at):
    with acting(actor.scope):
        return services.close(actor=actor, conference_id=conference.pk, words="都已落实，本人已返校", at=at)


def test_a_guest_reads_the_least_and_never_the_case(called, teacher, leader_here):
    with acting(teacher.scope):
        seen = selectors.conference_of(teacher, called.pk)
        lines = selectors.told_lines(selectors.notes_of(seen))
        assert [label for label, _ in lines] == ["年龄段", "情况"], "gender and risk were not chosen"
        assert not visible_to(teacher).exists()
        assert SECRET not in str(lines)


def test_who_is_not_invited_sees_nothing(called, stranger, agent_elsewhere):
    for actor in (stranger, agent_elsewhere):
        with acting(actor.scope), pytest.raises(NotFound):
            selectors.conference_of(actor, called.pk)
        with acting(actor.scope):
            assert not any(table.objects.exists() for table in (CaseConference, ConferenceNote, ConferenceSeat))


def test_invitations_go_by_bell_or_by_letter_and_the_case_is_held(
    everything, called, school_office, court, agent_here, case
):
    ways = dict(ConferenceSeat.objects.values_list("guest_organisation_id", "invited"))
    assert ways == {school_office.pk: "PAGE", court.pk: "LETTER"}
    assert Notice.objects.filter(organisation_id=school_office.pk, kind="conferences.invited").exists()
    assert Grant.objects.get(subject_kind="conference").ends_at is not None
    assert [hold.kind for hold in holds_of(agent_here, case.pk)] == ["CONFERENCE_OPEN"]
    assert Consent.objects.filter(seeker_id=case.seeker_id, purpose="未成年人保护会商").exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"topic": " "},
        {"agenda": ""},
        {"guests": frozenset()},
        {"starts_at": None},
        {"kind": "SUPPORT"},
        {"kind": "PARTY"},
        {"guests": frozenset({1})},
    ],
)
def test_an_incomplete_call_tells_nobody(leader_here, case, school_office, at, wrong):
    wrong = {name: at if value is None else value for name, value in wrong.items()}
    with acting(leader_here.scope), pytest.raises(Invalid):
        services.convene(actor=leader_here, case_id=case.pk, new=asked(at, school_office, **wrong), at=at)
    with acting(EVERYTHING):
        assert not CaseConference.objects.exists()


def test_only_who_may_convene_does(agent_here, agent_elsewhere, case, school_office, at):
    with acting(agent_here.scope), pytest.raises(NotAllowed):
        services.convene(actor=agent_here, case_id=case.pk, new=asked(at, school_office), at=at)
    with acting(agent_elsewhere.scope), pytest.raises(NotFound):
        services.convene(actor=agent_elsewhere, case_id=case.pk, new=asked(at, school_office), at=at)


def test_a_guest_answers_and_may_think_again(called, teacher, leader_here, at):
    with acting(teacher.scope):
        services.reply(actor=teacher, conference_id=called.pk, coming=True, words="", at=at)
        with pytest.raises(Invalid):
            services.reply(actor=teacher, conference_id=called.pk, coming=False, words="", at=at)
        seat = services.reply(actor=teacher, conference_id=called.pk, coming=False, words="当天有考试", at=at)
    assert seat.state == "NOT_COMING"
    with acting(EVERYTHING):
        told = Notice.objects.filter(account_id=leader_here.account_id, kind="conferences.replied")
        assert told.count() == 2


def test_a_letter_is_answered_by_its_code_or_by_hand(everything, called, leader_here, agent_here, at):
    seat = ConferenceSeat.objects.get(invited="LETTER")
    services.reply_by_letter(seat=seat, coming=True, words="赵法官 020-2", at=at)
    with pytest.raises(NotAllowed):
        services.reply_by_hand(actor=agent_here, seat_id=seat.pk, coming=False, words="来电说不来", at=at)
    services.reply_by_hand(actor=leader_here, seat_id=seat.pk, coming=False, words="来电说不来", at=at)
    seat.refresh_from_db()
    assert seat.state == "NOT_COMING"


def test_another_time_asks_everybody_again(called, teacher, leader_here, at):
    with acting(teacher.scope):
        services.reply(actor=teacher, conference_id=called.pk, coming=True, words="", at=at)
    with acting(leader_here.scope):
        services.change(
            actor=leader_here,
            conference_id=called.pk,
            starts_at=at + timedelta(days=1),
            place="视频会议",
            words="会议室被占用",
            at=at,
        )
    with acting(EVERYTHING):
        assert set(ConferenceSeat.objects.values_list("state", flat=True)) == {"INVITED"}
        assert Notice.objects.filter(kind="conferences.changed").count() == 1
        assert Clock.objects.get(kind="CONFERENCE", cancelled_at=None).due_at == at + timedelta(days=2)


def test_minutes_wait_for_the_meeting_and_can_be_corrected(called, held, leader_here, at):
    assert held.state == "HELD"
    with acting(leader_here.scope):
        again = Record("更正：街道也到会，其余不变。", {})
        services.record_meeting(actor=leader_here, conference_id=held.pk, record=again, at=at + LATER)
        assert [note.text for note in selectors.notes_of(held) if note.kind == "minutes"] == [MINUTES, again.minutes]
        assert not ConferenceSeat.objects.filter(attended=True).exists()


def test_no_minutes_before_it_begins(called, leader_here, at):
    with acting(leader_here.scope), pytest.raises(DomainError) as refusal:
        services.record_meeting(actor=leader_here, conference_id=called.pk, record=Record(MINUTES), at=at)
    assert refusal.value.code == "conferences.not-begun"


def test_nothing_is_decided_before_the_meeting_or_without_a_day(called, leader_here, decision, tree, at):
    wanted = OrderWanted("SCHOOLING", "ROUTINE", tree.county.pk)
    with acting(leader_here.scope), pytest.raises(DomainError):
        services.decide_order(actor=leader_here, conference_id=called.pk, decision=decision, wanted=wanted, at=at)
    with acting(EVERYTHING):
        assert not ConferenceDecision.objects.exists()


def test_an_order_of_a_decision_is_followed_to_its_end(everything, ordered, tree, leader_here, case, at):
    handler, reviewer = tree.person("ORDER_HANDLER", tree.county), tree.person("REVIEWER", tree.city)
    with pytest.raises(DomainError, match="第1项"):
        end(leader_here, ordered.conference, at + LATER)
    order_id = ordered.order_id
    orders.accept(actor=handler, order_id=order_id, at=at + LATER)
    orders.submit(actor=handler, order_id=order_id, words="已家访，下周一返校", at=at + LATER)
    orders.approve(actor=reviewer, order_id=order_id, words="属实", at=at + LATER)
    ordered.refresh_from_db()
    assert ordered.state == "DONE"
    assert not Clock.objects.filter(kind="CONFERENCE_DECISION", met_at=None).exists()
    assert Notice.objects.filter(account_id=leader_here.account_id, kind="conferences.all-settled").exists()


def test_an_order_taken_up_again_after_the_day_is_late_at_once(everything, ordered, tree, at):
    handler, reviewer = tree.person("ORDER_HANDLER", tree.county), tree.person("REVIEWER", tree.city)
    order_id, late = ordered.order_id, at + timedelta(days=9)
    orders.accept(actor=handler, order_id=order_id, at=at + LATER)
    orders.submit(actor=handler, order_id=order_id, words="已家访", at=at + LATER)
    orders.approve(actor=reviewer, order_id=order_id, words="属实", at=at + LATER)
    orders.reopen(actor=reviewer, order_id=order_id, words="又没有到校", at=late)
    ordered.refresh_from_db()
    assert ordered.state == "RUNNING"
    assert Clock.objects.get(kind="CONFERENCE_DECISION", met_at=None).due_at == late


def test_a_referral_of_a_decision_is_followed_and_one_refused_is_told(everything, referred, teacher, leader_here, at):
    said = Answer("reject", code="NOT_OUR_AREA", words="学籍在外省")
    answer_as_partner(actor=teacher, handoff_id=referred.handoff_id, answer=said, at=at + LATER)
    referred.refresh_from_db()
    assert referred.state == "FAILED"
    assert Notice.objects.filter(account_id=leader_here.account_id, kind="conferences.decision-failed").exists()
    with pytest.raises(DomainError, match="第1项"):
        end(leader_here, referred.conference, at + LATER)
    services.waive_decision(actor=leader_here, decision_id=referred.pk, words="改由学籍地处理", at=at + LATER)
    assert end(leader_here, referred.conference, at + LATER).state == "CLOSED"


def test_a_decision_whose_day_has_passed_is_told_to_the_leaders(everything, ordered, tree, at):
    while tick(at=at + timedelta(days=8)):
        pass
    assert Notice.objects.filter(
        organisation_id=tree.station.pk, kind="core.clock-breached:CONFERENCE_DECISION"
    ).exists()


def test_with_the_conference_ends_what_was_opened(held, teacher, leader_here, agent_here, case, at):
    end(leader_here, held, at + LATER)
    with acting(teacher.scope), pytest.raises(NotFound):
        selectors.conference_of(teacher, held.pk)
    with acting(EVERYTHING):
        assert not Grant.objects.filter(subject_kind="conference", revoked_at=None).exists()
        assert not holds_of(agent_here, case.pk)
        assert not Clock.objects.filter(subject_kind="conference", met_at=None, cancelled_at=None).exists()


def test_a_case_stays_open_while_a_conference_does_and_one_called_off_lets_go(called, leader_here, teacher, case, at):
    with acting(leader_here.scope):
        with pytest.raises(DomainError) as refusal:
            close_case(actor=leader_here, case_id=case.pk, words="结案", at=at)
        assert refusal.value.code == "cases.case.has-holds"
        services.cancel(actor=leader_here, conference_id=called.pk, words="本人已返校", at=at)
        close_case(actor=leader_here, case_id=case.pk, words="结案", at=at)
    with acting(EVERYTHING):
        assert Notice.objects.filter(kind="conferences.called-off").exists()
    with acting(teacher.scope), pytest.raises(NotFound):
        selectors.conference_of(teacher, called.pk)


def test_the_case_tells_the_story_in_plain_words(everything, ordered, agent_here, case):
    told = [line.what for line in timeline(agent_here, case.pk)]
    assert "召集未成年人保护会商，依据：法定职责" in told
    assert "会商已召开，1个单位到会" in told
    assert any(line.startswith("会商决定（工单）") for line in told)


@pytest.mark.parametrize(
    ("way", "state", "becomes"),
    [
        ("ORDER", "FINISHED", "DONE"),
        ("ORDER", "CANCELLED", "FAILED"),
        ("ORDER", "PAUSED", "RUNNING"),
        ("REFERRAL", "COMPLETED", "DONE"),
        ("REFERRAL", "REJECTED", "FAILED"),
        ("REFERRAL", "IN_PROGRESS", "RUNNING"),
    ],
)
def test_what_the_work_says_of_the_decision(way, state, becomes):
    assert rules.decision_state(way, state) == becomes
