"""A complaint goes its way: to somebody not concerned, by the clock, answered in plain words, and up where that does not do."""

from datetime import timedelta

import pytest

from qingting.complaints import selectors, services
from qingting.complaints.models import Complaint, ComplaintNote
from qingting.complaints.services import NewComplaint
from qingting.complaints.states import MOVES, ComplaintState
from qingting.complaints.tests.conftest import WORDS
from qingting.core.clocks import tick
from qingting.core.errors import DomainError, Invalid, NotAllowed, NotFound
from qingting.core.models import Clock, Entry
from qingting.core.scope import EVERYTHING, acting
from qingting.staff.models import Notice

pytestmark = pytest.mark.django_db
ANSWER = "对不起。那天晚上只有一个人值班，让您等久了；说您小题大做是不对的，我们已经和他谈过，也加了一个夜班席位。"


def running(complaint) -> list[str]:
    with acting(EVERYTHING):
        clocks = Clock.objects.filter(subject_kind="complaint", subject_id=complaint.pk, met_at=None, cancelled_at=None)
        return sorted(clocks.values_list("kind", flat=True))


def told(account_id) -> list[str]:
    with acting(EVERYTHING):
        return list(Notice.objects.filter(account_id=account_id).values_list("kind", flat=True))


def do(act, who, complaint, at, **more):
    with acting(who.scope):
        return getattr(services, act)(actor=who, complaint_id=complaint.pk, at=at, **more)


def answered(who, complaint, at):
    do("acknowledge", who, complaint, at)
    return do("answer", who, complaint, at, finding="PARTLY", words=ANSWER)


class TestReceiving:
    def test_nameless_with_a_number_a_receipt_and_a_clock(self, complain, leader_here, at):
        complaint, token = complain()
        assert complaint.number.startswith("TS-20260304-")
        assert selectors.contact_of(complaint) == ""
        assert selectors.complaint_behind(token).pk == complaint.pk
        assert running(complaint) == ["COMPLAINT_ACKNOWLEDGEMENT"]
        assert told(leader_here.account_id) == ["complaints.received"]

    def test_words_and_contact_are_sealed(self, complain):
        complaint, _ = complain(contact="13800138000")
        with acting(EVERYTHING):
            note = ComplaintNote.objects.get(complaint=complaint)
            entry = Entry.objects.get(name="complaints.received")
        assert WORDS.encode() not in bytes(note.words_sealed)
        assert selectors.contact_of(complaint) == "13800138000"
        assert "13800138000" not in str(entry.data) + str(entry.ids)
        assert "case" not in entry.ids, "a case's timeline is read by those concerned"

    def test_without_words_there_is_none(self, tree, at):
        with pytest.raises(Invalid):
            services.receive(source="PORTAL", new=NewComplaint("ORDER", tree.station.id, " "), at=at)

    def test_a_colleague_writes_down_what_was_said_on_the_telephone(self, complain, agent_here, case, tree, at):
        new = NewComplaint("ORDER", tree.station.id, WORDS, case_id=case.id)
        with acting(agent_here.scope):
            taken = services.record(actor=agent_here, source="PHONE", new=new, at=at)
        assert agent_here.account_id in taken.complaint.concerned_account_ids, "she had a part in the case"
        with acting(agent_here.scope), pytest.raises(NotFound):
            selectors.complaint_of(agent_here, taken.complaint.pk)

    def test_nobody_without_the_right_writes_one_down(self, tree, at):
        analyst = tree.person("ANALYST", tree.station)
        with acting(analyst.scope), pytest.raises(NotAllowed):
            services.record(actor=analyst, source="PHONE", new=NewComplaint("ORDER", tree.station.id, WORDS), at=at)


class TestNotConcerned:
    def test_whom_it_is_about_never_sees_it_and_is_not_told(self, complain, leader_here, second, at):
        complaint, _ = complain("PERSON", account_id=leader_here.account_id)
        assert (told(leader_here.account_id), told(second.account_id)) == ([], ["complaints.received"])
        with acting(leader_here.scope), pytest.raises(NotFound):
            selectors.complaint_of(leader_here, complaint.pk)
        with acting(second.scope):
            assert selectors.complaint_of(second, complaint.pk).pk == complaint.pk

    def test_where_nobody_else_may_it_goes_up_at_once(self, complain, leader_here, tree):
        complaint, _ = complain("PERSON", account_id=leader_here.account_id)
        assert complaint.organisation_id == tree.province.id

    def test_a_whole_station_does_not_deal_with_itself(self, complain, leader_here, tree):
        complaint, _ = complain("STATION")
        assert complaint.organisation_id == tree.province.id
        with acting(leader_here.scope), pytest.raises(NotFound):
            selectors.complaint_of(leader_here, complaint.pk)

    def test_who_turns_out_to_be_meant_loses_sight_of_it(self, complain, leader_here, second, at):
        complaint, _ = complain("PERSON")
        do("acknowledge", second, complaint, at, account_id=leader_here.account_id)
        with acting(leader_here.scope), pytest.raises(NotFound):
            selectors.complaint_of(leader_here, complaint.pk)

    def test_nobody_takes_on_what_is_about_themselves(self, complain, leader_here, at):
        complaint, _ = complain("PERSON")
        with pytest.raises(DomainError) as refused:
            do("acknowledge", leader_here, complaint, at, account_id=leader_here.account_id)
        assert refused.value.code == "complaints.concerned"

    def test_elsewhere_there_is_none(self, complain, agent_elsewhere, at):
        complaint, _ = complain()
        with acting(agent_elsewhere.scope), pytest.raises(NotFound):
            selectors.complaint_of(agent_elsewhere, complaint.pk)


class TestAnswering:
    def test_in_plain_words_that_the_receipt_shows(self, complain, leader_here, at):
        complaint, _ = complain()
        do("acknowledge", leader_here, complaint, at)
        assert running(complaint) == ["COMPLAINT_ANSWER"]
        do("note", leader_here, complaint, at, words="问了当班的两位同事")
        done = do("answer", leader_here, complaint, at, finding="PARTLY", words=ANSWER)
        assert (done.state, running(done)) == ("ANSWERED", [])
        seen = [line.words for line in selectors.lines_of(done, told_only=True)]
        assert seen == [WORDS, ANSWER]

    def test_an_answer_needs_a_finding_and_words(self, complain, leader_here, at):
        complaint, _ = complain()
        do("acknowledge", leader_here, complaint, at)
        for given in ({"finding": "", "words": ANSWER}, {"finding": "TRUE", "words": " "}):
            with pytest.raises(Invalid):
                do("answer", leader_here, complaint, at, **given)

    def test_what_is_not_ours_is_told_where_to_go(self, complain, leader_here, at):
        complaint, _ = complain()
        done = do("decline", leader_here, complaint, at, words="这是学校的事，请打12345转教育局。")
        assert (done.state, running(done)) == ("DECLINED", [])

    def test_late_it_climbs_until_somebody_acts(self, complain, leader_here, above, at):
        complain()
        for hours in (25, 38):
            while tick(at=at + timedelta(hours=hours)):
                pass
        with acting(EVERYTHING):
            kinds = list(Notice.objects.filter(organisation_id=above.organisation_id).values_list("kind", flat=True))
        assert "core.clock-escalated:COMPLAINT_ACKNOWLEDGEMENT" in kinds


class TestGoingUp:
    def test_a_review_is_made_one_organisation_higher(self, complain, leader_here, above, tree, at):
        complaint, token = complain()
        answered(leader_here, complaint, at)
        again = services.ask_review(token=token, words="没有人跟我道歉", at=at)
        assert (again.state, again.organisation_id, again.level) == ("RECEIVED", tree.province.id, 1)
        assert running(again) == ["COMPLAINT_ACKNOWLEDGEMENT"]
        assert told(above.account_id) == ["complaints.review-asked"]
        with acting(leader_here.scope), pytest.raises(NotFound):
            selectors.complaint_of(leader_here, complaint.pk)
        assert answered(above, again, at).state == "ANSWERED"

    def test_at_the_top_and_after_sixty_days_there_is_none(self, complain, leader_here, above, at):
        complaint, token = complain()
        answered(leader_here, complaint, at)
        with pytest.raises(DomainError) as late:
            services.ask_review(token=token, words="还是不满意", at=at + timedelta(days=61))
        assert late.value.code == "complaints.review-over"
        again = services.ask_review(token=token, words="不满意", at=at)
        answered(above, again, at)
        with pytest.raises(DomainError):
            services.ask_review(token=token, words="还是不满意", at=at)

    def test_an_organisation_gives_up_what_it_can_not_do(self, complain, leader_here, tree, at):
        complaint, _ = complain()
        done = do("escalate", leader_here, complaint, at, words="涉及我们的值班安排，请省里办")
        assert (done.organisation_id, running(done)) == (tree.province.id, ["COMPLAINT_ACKNOWLEDGEMENT"])

    def test_from_above_one_looks_and_does_nothing(self, complain, above, at):
        complaint, _ = complain()
        with acting(above.scope):
            assert selectors.complaint_of(above, complaint.pk).pk == complaint.pk
        with pytest.raises(NotAllowed):
            do("acknowledge", above, complaint, at)

    def test_it_may_be_taken_back(self, complain, at):
        _, token = complain()
        done = services.withdraw(token=token, at=at)
        assert (done.state, running(done)) == ("WITHDRAWN", [])


@pytest.mark.parametrize("state", ComplaintState.values)
def test_every_act_out_of_another_state_is_refused(state, complain, leader_here, at):
    complaint, token = complain()
    fields = {"finding": "TRUE", "answered_at": at} if state == "ANSWERED" else {}
    with acting(EVERYTHING):
        Complaint.objects.filter(pk=complaint.pk).update(state=state, **fields)
    by_receipt = {
        "review": lambda: services.ask_review(token=token, words="再看看", at=at),
        "withdraw": lambda: services.withdraw(token=token, at=at),
    }
    for act, move in MOVES.items():
        if state not in move.sources:
            given = {"words": "说明", **({"finding": "TRUE"} if act == "answer" else {})}
            with pytest.raises(DomainError):
                by_receipt.get(act, lambda act=act, given=given: do(act, leader_here, complaint, at, **given))()


def test_sealed_anew_after_a_change_of_keys(complain, at, tmp_path, settings):
    from qingting.core.crypto import add_key

    settings.VAR = tmp_path
    complaint, _ = complain(contact="微信 xiaohe")
    add_key()
    assert services.rotate_words(at=at) == 2
    assert services.rotate_words(at=at) == 0
    with acting(EVERYTHING):
        complaint.refresh_from_db()
    assert selectors.contact_of(complaint) == "微信 xiaohe"
    assert selectors.lines_of(complaint)[0].words == WORDS
