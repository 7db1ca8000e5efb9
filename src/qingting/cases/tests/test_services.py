"""A case opens once, stays open while something holds it, and is closed and signed off by those who may."""

import dataclasses
import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from qingting.cases import selectors
from qingting.cases.models import Case
from qingting.cases.services import (
    add_note,
    close_case,
    lift_hold,
    open_case,
    place_hold,
    record_reply,
    reopen,
    sign_off,
)
from qingting.cases.states import CaseState, HoldKind
from qingting.chat.models import Conversation
from qingting.contacts.models import Contact
from qingting.core.clocks import Span, start_clock
from qingting.core.errors import DomainError, Invalid, NotAllowed, NotFound
from qingting.core.grants import grant_access
from qingting.core.models import Clock, Entry, Grant
from qingting.core.scope import EVERYTHING, acting
from qingting.telephony.models import Call

pytestmark = pytest.mark.django_db
ORDER = ("order", 71)


def told(case_id: int) -> list[str]:
    with acting(EVERYTHING), transaction.atomic():
        entries = Entry.objects.filter(case_id=case_id, name__startswith="cases.")
        return list(entries.order_by("id").values_list("name", flat=True))


class TestOpening:
    def test_it_gets_a_number_an_owner_and_a_clock(self, case, agent_here, contact, at):
        assert case.number == "GD-2026-000001"
        assert case.owner_account_id == agent_here.account_id
        assert (case.seeker_id, case.conversation_id) == (601, 501)
        with acting(agent_here.scope):
            clock = Clock.objects.get(case_id=case.id)
        assert clock.due_at == at + timedelta(hours=48)

    def test_twice_is_once(self, case, agent_here, contact, new_case, at):
        with acting(agent_here.scope):
            again = open_case(actor=agent_here, contact_id=contact.id, new=new_case, at=at)
        assert again.id == case.id
        assert told(case.id) == ["cases.opened"]

    def test_from_elsewhere_the_contact_is_not_there(self, agent_elsewhere, contact, new_case, at):
        with acting(agent_elsewhere.scope), pytest.raises(NotFound):
            open_case(actor=agent_elsewhere, contact_id=contact.id, new=new_case, at=at)

    def test_without_the_permission_it_is_refused(self, agent_here, contact, new_case, at):
        bare = dataclasses.replace(agent_here, permissions=frozenset())
        with acting(bare.scope), pytest.raises(NotAllowed):
            open_case(actor=bare, contact_id=contact.id, new=new_case, at=at)

    def test_an_urgency_that_does_not_exist_is_refused(self, agent_here, contact, new_case, at):
        odd = dataclasses.replace(new_case, urgency="VERY")
        with acting(agent_here.scope), pytest.raises(Invalid):
            open_case(actor=agent_here, contact_id=contact.id, new=odd, at=at)


class TestHolds:
    def test_a_hold_is_placed_once_and_lifted_once(self, case, agent_here, at):
        where = {"actor": agent_here, "case_id": case.id, "kind": HoldKind.ORDER_OPEN, "subject": ORDER}
        with acting(agent_here.scope):
            place_hold(**where, at=at)
            place_hold(**where, at=at)
            assert len(selectors.holds_of(agent_here, case.id)) == 1
            assert lift_hold(**where, at=at)
            assert not lift_hold(**where, at=at)
        assert told(case.id) == ["cases.opened", "cases.hold-placed", "cases.hold-lifted"]

    def test_an_open_order_keeps_the_case_open_and_the_refusal_says_so(self, case, agent_here, leader_here, at):
        with acting(leader_here.scope):
            place_hold(actor=agent_here, case_id=case.id, kind=HoldKind.ORDER_OPEN, subject=ORDER, at=at)
            with pytest.raises(DomainError) as refused:
                close_case(actor=leader_here, case_id=case.id, words="已办好", at=at)
        assert refused.value.code == "cases.case.has-holds"
        assert "工单未办结" in refused.value.message

    def test_an_awaited_rating_lets_it_close_but_not_be_signed_off(self, case, leader_here, at):
        where = {"actor": leader_here, "case_id": case.id, "kind": "RATING_AWAITED", "subject": ("rating", 9)}
        with acting(leader_here.scope):
            place_hold(**where, at=at)
            close_case(actor=leader_here, case_id=case.id, words="已办好", at=at)
            with pytest.raises(DomainError) as refused:
                sign_off(actor=leader_here, case_id=case.id, words="核实", at=at)
            assert "等待本人评价" in refused.value.message
            lift_hold(**where, at=at)
            assert sign_off(actor=leader_here, case_id=case.id, words="核实", at=at).state == "SIGNED_OFF"

    def test_nothing_new_holds_a_closed_case(self, case, leader_here, at):
        with acting(leader_here.scope):
            close_case(actor=leader_here, case_id=case.id, words="已办好", at=at)
            with pytest.raises(DomainError) as refused:
                place_hold(actor=leader_here, case_id=case.id, kind="ORDER_OPEN", subject=ORDER, at=at)
        assert refused.value.code == "cases.case.not-open"


class TestTheEnd:
    def test_a_counsellor_may_not_close(self, case, agent_here, at):
        with acting(agent_here.scope), pytest.raises(NotAllowed):
            close_case(actor=agent_here, case_id=case.id, words="已办好", at=at)

    def test_elsewhere_there_is_no_such_case(self, case, agent_elsewhere, at):
        with acting(agent_elsewhere.scope), pytest.raises(NotFound):
            close_case(actor=agent_elsewhere, case_id=case.id, words="已办好", at=at)

    def test_words_are_needed_and_nothing_is_closed_without(self, case, leader_here, at):
        with acting(leader_here.scope):
            with pytest.raises(Invalid):
                close_case(actor=leader_here, case_id=case.id, words=" ", at=at)
            assert Case.objects.get(pk=case.id).state == CaseState.OPEN

    def test_only_a_closed_case_is_signed_off(self, case, leader_here, at):
        with acting(leader_here.scope), pytest.raises(DomainError) as refused:
            sign_off(actor=leader_here, case_id=case.id, words="核实", at=at)
        assert refused.value.code == "cases.case.wrong-state"

    def test_closing_stops_the_clock_and_reopening_starts_another(self, case, leader_here, at):
        with acting(leader_here.scope):
            close_case(actor=leader_here, case_id=case.id, words="已办好", at=at)
            assert selectors.deadlines_of(case, at=at) == []
            again = reopen(actor=leader_here, case_id=case.id, words="本人再次求助", at=at)
            assert (again.state, again.closed_at) == (CaseState.OPEN, None)
            assert [d.kind for d in selectors.deadlines_of(case, at=at)] == ["CASE_REPLY"]
        assert told(case.id) == ["cases.opened", "cases.closed", "cases.reopened"]

    def test_after_sign_off_others_read_on_for_a_while(self, case, leader_here, tree, at, settings):
        grant_access(actor=leader_here, subject=("case", case.id), to_organisation=tree.county.id, purpose="X", at=at)
        with acting(leader_here.scope):
            close_case(actor=leader_here, case_id=case.id, words="已办好", at=at)
            sign_off(actor=leader_here, case_id=case.id, words="核实", at=at)
        with acting(EVERYTHING):
            ends_at = Grant.objects.get(subject_id=case.id).ends_at
        assert ends_at == at + timedelta(days=settings.CASE_READING_DAYS)


class TestWhileSomebodyTalks:
    @pytest.fixture
    def talk(self, contact, at):
        with acting(EVERYTHING):
            return Conversation.objects.create(
                id=contact.conversation_id, organisation_id=contact.organisation_id, province="440000",
                state="ACTIVE", started_at=at,
            )  # fmt: skip

    def test_it_may_be_closed_but_not_signed_off(self, case, talk, leader_here, at):
        with acting(leader_here.scope):
            close_case(actor=leader_here, case_id=case.id, words="已办好", at=at)
            with pytest.raises(DomainError) as refused:
                sign_off(actor=leader_here, case_id=case.id, words="核实", at=at)
        assert "还在通话或会话中" in refused.value.message
        with acting(EVERYTHING):
            Conversation.objects.update(state="ENDED", ended_at=at)
        with acting(leader_here.scope):
            assert sign_off(actor=leader_here, case_id=case.id, words="核实", at=at).state == CaseState.SIGNED_OFF

    def test_a_talk_of_the_same_person_elsewhere_counts(self, case, tree, leader_here, at):
        with acting(EVERYTHING):
            call = Call.objects.create(
                organisation_id=tree.city.id, province="440000", state="TALKING", direction="IN", started_at=at
            )
            Contact.objects.create(
                organisation_id=tree.city.id, province="440000", channel="PHONE", call_id=call.id,
                seeker_id=case.seeker_id, started_at=at, account_id=1, first_contact_owner_account_id=1,
            )  # fmt: skip
        with acting(leader_here.scope):
            assert [hold.kind for hold in selectors.holds_of(leader_here, case.id)] == ["TALK_OPEN"]


class TestWords:
    def test_a_reply_to_the_person_stops_the_clock(self, case, agent_here, at):
        with acting(agent_here.scope):
            record_reply(actor=agent_here, case_id=case.id, words="已告诉她明天有人上门", at=at)
            assert selectors.deadlines_of(case, at=at) == []

    def test_who_only_reads_the_case_adds_no_words(self, case, tree, at):
        handler = tree.person("ORDER_HANDLER", tree.county)
        grant_access(actor=handler, subject=("case", case.id), to_organisation=tree.county.id, purpose="X", at=at)
        with acting(handler.scope), pytest.raises(NotAllowed):
            add_note(actor=handler, case_id=case.id, words="看过了", at=at)


@pytest.mark.django_db(transaction=True)
def test_two_who_close_at_once_close_once(case, leader_here, at):
    answers: list[str] = []

    def press() -> None:
        try:
            with acting(leader_here.scope):
                close_case(actor=leader_here, case_id=case.id, words="已办好", at=at)
            answers.append("closed")
        except DomainError as error:
            answers.append(error.code)
        finally:
            connection.close()

    both = [threading.Thread(target=press) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert sorted(answers) == ["cases.case.wrong-state", "closed"]
    assert told(case.id).count("cases.closed") == 1


def test_several_desks_that_are_waited_for_are_one_line_with_the_first_of_them(agent_here, case, at):
    with acting(EVERYTHING), transaction.atomic():
        for number, hours in ((1, 5), (2, 2), (3, 9)):
            due = at + timedelta(hours=hours)
            span = Span(due, due, timedelta(hours=1))
            kind = "HANDOFF_ACKNOWLEDGEMENT"
            start_clock(actor=agent_here, kind=kind, subject=("handoff", number), span=span, at=at, case_id=case.pk)
    with acting(agent_here.scope):
        found = {each.kind: each for each in selectors.deadlines_of(case, at=at)}
    waited_for = found["HANDOFF_ACKNOWLEDGEMENT"]
    assert (waited_for.alike, waited_for.due_at) == (3, at + timedelta(hours=2))
    assert found["CASE_REPLY"].alike == 1
