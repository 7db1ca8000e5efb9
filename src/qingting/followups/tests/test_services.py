"""After the work: a call by a third person, the young person's own word, and the case can be signed off."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from qingting.cases.models import Case
from qingting.cases.selectors import holds_of
from qingting.cases.services import close_case, sign_off
from qingting.core.errors import DomainError, Invalid, NotAllowed, NotFound, TooMany
from qingting.core.models import Clock, Entry
from qingting.core.scope import EVERYTHING, NOBODY, acting
from qingting.followups import selectors, services
from qingting.followups.models import FollowUp, RatingInvitation
from qingting.followups.services import Outcome, Rating
from qingting.orders.services import draft_order
from qingting.orders.tests.conftest import NEW
from qingting.staff.models import Notice

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
GOOD = Outcome("PHONE", "YES", "现在睡得好一些了，愿意继续聊。")
FIVE = Rating(5, "YES", "谢谢你们")


def kinds_held(case_id) -> list[str]:
    from qingting.core.actors import SYSTEM

    with acting(EVERYTHING):
        return sorted(hold.kind for hold in holds_of(SYSTEM, case_id))


class TestAfterTheWork:
    def test_a_call_and_a_rating_are_awaited(self, follow_up, invitation, at):
        assert follow_up.due_at == at + timedelta(hours=72)
        assert invitation.expires_at == at + timedelta(days=30)
        assert kinds_held(follow_up.case_id) == ["FOLLOW_UP_DUE", "RATING_AWAITED"]

    def test_not_while_another_order_is_open(self, order_in, parties, case, at):
        order = order_in("SUBMITTED")
        with acting(parties.origin.scope):
            second = draft_order(actor=parties.origin, case_id=case.id, new=NEW, at=at)
        parties.do("dispatch", second)
        parties.do("approve", order)
        with acting(EVERYTHING):
            assert not FollowUp.objects.exists()
        parties.do("accept", second)
        parties.do("approve", parties.do("submit", second))
        with acting(EVERYTHING):
            assert FollowUp.objects.count() == RatingInvitation.objects.count() == 1

    def test_the_chat_finds_the_link(self, invitation, token, case):
        with acting(EVERYTHING):
            path = selectors.open_rating_path(case.conversation_id)
            assert selectors.open_rating_path(999) == ""
        assert path.endswith(token)
        assert token.encode() not in bytes(invitation.token_sealed)


class TestTheCall:
    def test_a_third_person_records_it(self, follow_up, caller, at):
        with acting(caller.scope):
            recorded = services.record_follow_up(actor=caller, follow_up_id=follow_up.id, outcome=GOOD, at=at)
            assert recorded.done_by_account_id == caller.account_id
            assert not Clock.objects.filter(subject_id=follow_up.id, met_at=None).exists()
        assert kinds_held(follow_up.case_id) == ["RATING_AWAITED"]

    @pytest.mark.parametrize("who", ["origin", "handler", "reviewer"])
    def test_nobody_who_took_part(self, who, follow_up, parties, tree, at):
        import dataclasses

        helper = getattr(parties, who)
        calling = dataclasses.replace(
            helper,
            organisation_id=tree.station.id,
            permissions=frozenset({"followups.call"}),
            scope=parties.origin.scope,
        )
        with acting(calling.scope), pytest.raises(DomainError) as refused:
            services.record_follow_up(actor=calling, follow_up_id=follow_up.id, outcome=GOOD, at=at)
        assert refused.value.code == "followups.not-third-person"

    def test_not_without_the_permission(self, follow_up, leader_here, at):
        with acting(leader_here.scope), pytest.raises(NotAllowed):
            services.record_follow_up(actor=leader_here, follow_up_id=follow_up.id, outcome=GOOD, at=at)

    def test_elsewhere_there_is_none(self, follow_up, agent_elsewhere, at):
        with acting(agent_elsewhere.scope), pytest.raises(NotFound):
            services.record_follow_up(actor=agent_elsewhere, follow_up_id=follow_up.id, outcome=GOOD, at=at)

    @pytest.mark.parametrize(
        "outcome", [Outcome("", "YES", "好"), Outcome("PHONE", "", "好"), Outcome("PHONE", "YES", " ")]
    )
    def test_an_unfinished_record_is_not_taken(self, outcome, follow_up, caller, at):
        with acting(caller.scope), pytest.raises(Invalid):
            services.record_follow_up(actor=caller, follow_up_id=follow_up.id, outcome=outcome, at=at)

    def test_giving_up_needs_three_attempts(self, follow_up, caller, at):
        who = {"actor": caller, "follow_up_id": follow_up.id}
        with acting(caller.scope):
            for day in range(2):
                services.record_attempt(**who, at=at + timedelta(days=day))
            with pytest.raises(DomainError) as refused:
                services.give_up(**who, words="", at=at + timedelta(days=1))
            assert refused.value.code == "followups.too-few-attempts"
            services.record_attempt(**who, at=at + timedelta(days=2))
            ended = services.give_up(**who, words="多次无人接听", at=at + timedelta(days=2))
            assert ended.state == "UNREACHED"
        assert kinds_held(follow_up.case_id) == ["RATING_AWAITED"]

    def test_attempts_are_hours_apart_and_within_the_day(self, follow_up, caller, at):
        who = {"actor": caller, "follow_up_id": follow_up.id}
        with acting(caller.scope):
            assert services.record_attempt(**who, at=at).not_before == at + timedelta(hours=4)
            with pytest.raises(DomainError) as refused:
                services.record_attempt(**who, at=at + timedelta(hours=1))
            assert refused.value.code == "followups.too-soon"
            evening = services.record_attempt(**who, at=at + timedelta(hours=6))
        assert evening.not_before == at + timedelta(hours=21)  # 9 o'clock of the next morning

    def test_what_is_recorded_is_not_recorded_again(self, follow_up, caller, at):
        with acting(caller.scope):
            services.record_follow_up(actor=caller, follow_up_id=follow_up.id, outcome=GOOD, at=at)
            with pytest.raises(DomainError) as refused:
                services.record_attempt(actor=caller, follow_up_id=follow_up.id, at=at)
        assert refused.value.code == "followups.follow-up.wrong-state"


class TestTheirOwnWord:
    def test_a_stranger_to_all_scopes_rates_by_the_link_alone(self, token, invitation, at):
        with acting(NOBODY):
            rated = services.rate(token=token, rating=FIVE, at=at)
        assert (rated.score, rated.words) == (5, "谢谢你们")
        assert kinds_held(invitation.case_id) == ["FOLLOW_UP_DUE"]

    def test_the_same_answer_again_changes_nothing_and_another_is_refused(self, token, invitation, at):
        services.rate(token=token, rating=FIVE, at=at)
        services.rate(token=token, rating=FIVE, at=at)
        with pytest.raises(DomainError) as refused:
            services.rate(token=token, rating=Rating(1, "NO"), at=at)
        assert refused.value.code == "followups.rating.spent"
        with acting(EVERYTHING):
            assert Entry.objects.filter(name="followups.rated").count() == 1

    def test_an_unknown_link_says_so(self, invitation, at):
        with pytest.raises(NotFound):
            services.rate(token="guessed", rating=FIVE, at=at)

    def test_after_thirty_days_the_link_is_dead(self, token, invitation, at):
        with pytest.raises(DomainError) as refused:
            services.rate(token=token, rating=FIVE, at=at + timedelta(days=31))
        assert refused.value.code == "followups.rating.expired"

    def test_nobody_tries_for_ever(self, token, invitation, at):
        for _ in range(20):
            services.rate(token=token, rating=FIVE, at=at)
        with pytest.raises(TooMany):
            services.rate(token=token, rating=FIVE, at=at)

    @pytest.mark.parametrize("score", [0, 6])
    def test_there_are_five_scores(self, score, token, at):
        with pytest.raises(Invalid):
            services.rate(token=token, rating=Rating(score, "YES"), at=at)

    def test_a_low_rating_is_looked_at(self, token, tree, at):
        services.rate(token=token, rating=Rating(2, "PARTLY"), at=at)
        with acting(EVERYTHING):
            told = Notice.objects.get(kind="followups.low-rating")
        assert (told.organisation_id, told.permission) == (tree.station.id, "cases.close")

    @pytest.mark.parametrize("reopens", [False, True])
    def test_whether_it_reopens_is_set(self, reopens, token, leader_here, case, at, settings):
        settings.LOW_RATING_REOPENS = reopens
        with acting(leader_here.scope):
            close_case(actor=leader_here, case_id=case.id, words="已办好", at=at)
        services.rate(token=token, rating=Rating(1, "NO"), at=at)
        with acting(EVERYTHING):
            assert Case.objects.get(pk=case.id).state == ("OPEN" if reopens else "CLOSED")

    @pytest.mark.parametrize("closed", [False, True])
    def test_reopened_the_work_lies_with_somebody_again(self, closed, token, done, parties, settings):
        settings.LOW_RATING_REOPENS = True
        leader_here, case, at = parties.tree.person("SHIFT_LEADER", parties.tree.station), done.case, parties.at
        if closed:
            with acting(leader_here.scope):
                close_case(actor=leader_here, case_id=case.id, words="已办好", at=at)
        services.rate(token=token, rating=Rating(1, "NO"), at=at)
        again = parties.again(done)
        assert (again.state, again.handler_organisation_id) == ("IN_PROGRESS", done.handler_organisation_id)
        with acting(EVERYTHING):
            running = Clock.objects.filter(subject_kind="order", subject_id=done.pk, met_at=None, cancelled_at=None)
            assert running.exists()
        for act in ("submit", "approve"):
            again = parties.do(act, again)
        with acting(EVERYTHING):
            asked = RatingInvitation.objects.filter(case_id=case.id, rated_at=None, waived_at=None)
            assert asked.count() == 1, "and is asked again whether it helped now"

    def test_silence_does_not_hold_a_case_for_ever(self, invitation, token, at):
        assert services.waive_expired_ratings(at=at + timedelta(days=29)) == 0
        late = at + timedelta(days=31)
        assert services.waive_expired_ratings(at=late) == 1
        assert services.waive_expired_ratings(at=late) == 0
        assert kinds_held(invitation.case_id) == ["FOLLOW_UP_DUE"]
        with pytest.raises(DomainError) as refused:
            services.rate(token=token, rating=FIVE, at=late)
        assert refused.value.code == "followups.rating.expired"


def test_the_last_hold_falls_and_the_case_is_signed_off(follow_up, token, caller, leader_here, at):
    with acting(caller.scope):
        services.record_follow_up(actor=caller, follow_up_id=follow_up.id, outcome=GOOD, at=at)
    services.rate(token=token, rating=FIVE, at=at)
    with acting(leader_here.scope):
        close_case(actor=leader_here, case_id=follow_up.case_id, words="已办好", at=at)
        case = sign_off(actor=leader_here, case_id=follow_up.case_id, words="已核实", at=at)
    assert case.state == "SIGNED_OFF"


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_are_one(token, invitation, at):
    answers: list[str] = []

    def press(score: int) -> None:
        try:
            services.rate(token=token, rating=Rating(score, ""), at=at)
            answers.append("taken")
        except DomainError as error:
            answers.append(error.code)
        finally:
            connection.close()

    both = [threading.Thread(target=press, args=[score]) for score in (4, 5)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert sorted(answers) == ["followups.rating.spent", "taken"]
    with acting(EVERYTHING), transaction.atomic():
        assert Entry.objects.filter(name="followups.rated").count() == 1
