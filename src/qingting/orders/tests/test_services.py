"""What an act does beside changing the state: sight, holds, clocks, notices."""

from datetime import timedelta

import pytest

from qingting.cases.selectors import case_of, holds_of
from qingting.cases.services import close_case
from qingting.contacts.events import SeekerLinked
from qingting.core.errors import DomainError, Invalid, NotAllowed, NotFound
from qingting.core.events import publish
from qingting.core.models import Clock, Grant
from qingting.core.scope import EVERYTHING, acting
from qingting.orders import selectors, services
from qingting.orders.tests.conftest import NEW
from qingting.seekers.models import Seeker
from qingting.staff.models import Notice

pytestmark = pytest.mark.django_db


def open_clocks(order) -> list[str]:
    with acting(EVERYTHING):
        clocks = Clock.objects.filter(subject_kind="order", subject_id=order.pk, met_at=None, cancelled_at=None)
        return sorted(clocks.values_list("kind", flat=True))


def notices(organisation) -> list[tuple[str, str]]:
    with acting(EVERYTHING):
        told = Notice.objects.filter(organisation_id=organisation.id).order_by("created_at", "id")
        return list(told.values_list("kind", "permission"))


class TestDrafting:
    def test_numbers_follow_the_case(self, draft, parties, case, at):
        with acting(parties.origin.scope):
            second = services.draft_order(actor=parties.origin, case_id=case.id, new=NEW, at=at)
        assert (draft.number, second.number) == (f"{case.number}-W01", f"{case.number}-W02")

    def test_nobody_else_sees_a_draft(self, draft, parties):
        for stranger in (parties.handler, parties.reviewer):
            with acting(stranger.scope), pytest.raises(NotFound):
                selectors.order_of(stranger, draft.id)

    def test_a_handler_drafts_nothing(self, case, tree, at):
        handler = tree.person("ORDER_HANDLER", tree.station)
        with acting(handler.scope), pytest.raises(NotAllowed):
            services.draft_order(actor=handler, case_id=case.id, new=NEW, at=at)

    def test_a_closed_case_gets_no_order(self, case, parties, leader_here, at):
        with acting(leader_here.scope):
            close_case(actor=leader_here, case_id=case.id, words="已办好", at=at)
            with pytest.raises(DomainError) as refused:
                services.draft_order(actor=parties.origin, case_id=case.id, new=NEW, at=at)
        assert refused.value.code == "orders.case.not-open"


class TestDispatching:
    def test_the_county_handles_and_its_city_reviews(self, order_in, tree):
        order = order_in("DISPATCHED")
        assert (order.handler_organisation_id, order.reviewer_organisation_id) == (tree.county.id, tree.city.id)

    def test_both_see_the_order_the_case_and_the_person_but_not_the_contact(
        self, order_in, parties, case, agent_here, at
    ):
        with acting(agent_here.scope):
            Seeker.objects.create(
                id=case.seeker_id, organisation_id=agent_here.organisation_id, province="440000", created_at=at
            )
        order = order_in("DISPATCHED")
        for party in (parties.handler, parties.reviewer):
            with acting(party.scope):
                assert selectors.order_of(party, order.id).id == order.id
                assert case_of(party, case.id).id == case.id
                assert Seeker.objects.filter(pk=case.seeker_id).exists()
        with acting(EVERYTHING):
            assert set(Grant.objects.values_list("subject_kind", flat=True)) == {"order", "case", "seeker"}

    def test_the_nearest_organisation_is_proposed_first(self, tree):
        proposed = selectors.handler_proposals("440106", "440000")
        assert [o.id for o in proposed] == [tree.county.id, tree.city.id, tree.province.id]

    @pytest.mark.parametrize("where", ["police", "elsewhere", "nation"])
    def test_partners_and_strangers_lead_no_order(self, where, draft, parties, tree, at):
        stranger = getattr(tree, where)
        with acting(parties.origin.scope), pytest.raises(Invalid) as refused:
            services.dispatch(actor=parties.origin, order_id=draft.id, handler_organisation_id=stranger.id, at=at)
        assert refused.value.code == "orders.handler.not-ours"

    def test_a_city_handles_under_the_eyes_of_the_province(self, draft, parties, tree, at):
        with acting(parties.origin.scope):
            order = services.dispatch(
                actor=parties.origin, order_id=draft.id, handler_organisation_id=tree.city.id, at=at
            )
        assert order.reviewer_organisation_id == tree.province.id


class TestReturning:
    def test_a_returned_order_is_out_of_the_handlers_sight_and_still_holds_the_case(self, order_in, parties, case):
        order = order_in("RETURNED")
        for party in (parties.handler, parties.reviewer):
            with acting(party.scope), pytest.raises(NotFound):
                selectors.order_of(party, order.id)
        with acting(parties.origin.scope):
            assert [hold.kind for hold in holds_of(parties.origin, case.id)] == ["ORDER_OPEN"]

    def test_it_can_be_sent_again(self, order_in, parties):
        again = parties.do("dispatch", order_in("RETURNED"))
        with acting(parties.handler.scope):
            assert selectors.order_of(parties.handler, again.id).state == "DISPATCHED"

    def test_returning_one_of_two_leaves_the_case_in_sight(self, order_in, parties, case, at):
        first = order_in("DISPATCHED")
        with acting(parties.origin.scope):
            second = services.draft_order(actor=parties.origin, case_id=case.id, new=NEW, at=at)
        parties.do("dispatch", second)
        parties.do("return", first)
        with acting(parties.handler.scope):
            assert case_of(parties.handler, case.id).id == case.id
            assert [o.id for o in selectors.orders_of_case(parties.handler, case.id)] == [second.id]


class TestClocks:
    def test_acceptance_runs_from_dispatch_on_the_handlers_account(self, order_in, tree, at):
        order = order_in("DISPATCHED")
        assert open_clocks(order) == ["ORDER_ACCEPTANCE"]
        assert order.due_at == at + timedelta(hours=2)
        with acting(EVERYTHING):
            assert Clock.objects.get(subject_id=order.pk).organisation_id == tree.county.id

    def test_a_crisis_must_be_taken_up_in_half_an_hour_and_solved_in_a_day(self, order_in, at):
        order = order_in("IN_PROGRESS")
        assert open_clocks(order) == ["CONSULTATION", "CRISIS_INTERVENTION"]
        assert order.due_at == at + timedelta(minutes=30)

    def test_the_first_progress_meets_the_half_hour(self, order_in, parties, at):
        order = parties.do("progress", order_in("IN_PROGRESS"))
        assert open_clocks(order) == ["CONSULTATION"]
        assert order.due_at == at + timedelta(days=1)

    @pytest.mark.parametrize("state", ["RETURNED", "FINISHED", "CANCELLED"])
    def test_no_clock_outlives_the_order(self, state, order_in):
        order = order_in(state)
        assert open_clocks(order) == []
        assert order.due_at is None


class TestHolds:
    @pytest.mark.parametrize("state", ["DISPATCHED", "RETURNED", "IN_PROGRESS", "SUBMITTED"])
    def test_an_open_order_keeps_the_case_open(self, state, order_in, leader_here, case, at):
        order_in(state)
        with acting(leader_here.scope), pytest.raises(DomainError) as refused:
            close_case(actor=leader_here, case_id=case.id, words="已办好", at=at)
        assert refused.value.code == "cases.case.has-holds"

    @pytest.mark.parametrize("state", ["FINISHED", "CANCELLED"])
    def test_an_order_that_is_over_does_not(self, state, order_in, leader_here, case, parties):
        order_in(state)
        with acting(leader_here.scope):
            kinds = [hold.kind for hold in holds_of(leader_here, case.id)]
        assert "ORDER_OPEN" not in kinds


class TestNotices:
    def test_the_handler_hears_of_dispatch_and_of_what_is_missing(self, order_in, parties, tree):
        parties.do("send_back", order_in("SUBMITTED"))
        assert notices(tree.county) == [("orders.dispatched", "orders.accept"), ("orders.sent-back", "orders.work")]

    def test_the_origin_hears_of_a_return(self, order_in, tree):
        order_in("RETURNED")
        assert ("orders.returned", "orders.dispatch") in notices(tree.station)

    def test_the_reviewer_hears_of_a_result(self, order_in, tree):
        order_in("SUBMITTED")
        assert ("orders.submitted", "orders.review") in notices(tree.city)

    def test_the_owner_of_the_case_hears_that_it_is_done(self, order_in, agent_here, tree):
        order_in("FINISHED")
        with acting(EVERYTHING):
            told = Notice.objects.filter(kind="orders.finished").values_list("account_id", flat=True)
            assert list(told) == [agent_here.account_id]


class TestAfterSignOff:
    def test_sight_ends_with_the_reading_period_and_a_new_order_opens_it_anew(
        self, order_in, parties, leader_here, case, at, settings
    ):
        order = order_in("FINISHED")
        until = at + timedelta(days=30)
        services.end_reading(case_id=case.id, ends_at=until)
        with acting(EVERYTHING):
            assert set(Grant.objects.values_list("ends_at", flat=True)) == {until}
        with acting(parties.origin.scope):
            second = services.draft_order(actor=parties.origin, case_id=case.id, new=NEW, at=at)
        parties.do("dispatch", second)
        with acting(parties.handler.scope):
            assert case_of(parties.handler, case.id).id == case.id
        assert order.state == "FINISHED"


def seekers_opened_to(organisation) -> set[int]:
    with acting(EVERYTHING):
        live = Grant.objects.filter(subject_kind="seeker", organisation_id=organisation.id, revoked_at=None)
        return set(live.values_list("subject_id", flat=True))


class TestThePersonBehindTheCase:
    def test_a_person_known_later_is_opened_to_those_at_work(self, order_in, parties, case, tree, at):
        with acting(EVERYTHING):
            type(case).objects.filter(pk=case.pk).update(seeker_id=None)
        order_in("IN_PROGRESS")
        assert seekers_opened_to(tree.county) == set()
        services.follow_person(actor=parties.origin, contact_id=case.contact_id, seeker_id=88, at=at)
        assert seekers_opened_to(tree.county) == seekers_opened_to(tree.city) == {88}

    def test_when_it_is_another_person_the_former_record_closes(self, order_in, parties, case, tree, at):
        order_in("IN_PROGRESS")
        services.follow_person(actor=parties.origin, contact_id=case.contact_id, seeker_id=88, at=at)
        assert seekers_opened_to(tree.county) == {88}

    def test_linking_the_contact_does_both(self, order_in, parties, case, tree, at):
        order_in("IN_PROGRESS")
        linked = SeekerLinked(
            organisation_id=case.organisation_id, province="440000", contact_id=case.contact_id, seeker_id=88
        )
        with acting(parties.origin.scope):
            publish(linked, actor=parties.origin, at=at)
            case.refresh_from_db()
        assert case.seeker_id == 88
        assert seekers_opened_to(tree.county) == {88}
