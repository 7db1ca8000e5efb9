"""Work that several share: helpers, parts, splitting, merging, moving to another organisation."""

import pytest

from qingting.cases.models import CaseHold
from qingting.cases.selectors import case_of
from qingting.cases.services import NewCase, open_case
from qingting.contacts.models import Contact
from qingting.core.errors import DomainError, Invalid, NotFound
from qingting.core.models import Entry
from qingting.core.scope import EVERYTHING, acting
from qingting.orders import selectors, services
from qingting.orders.models import WorkOrder
from qingting.orders.services import NewOrder

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NEW = NewOrder("LEGAL", "ROUTINE", "440106", "来电人询问抚养费")


def held(case) -> bool:
    with acting(EVERYTHING):
        return CaseHold.objects.filter(case=case, kind="ORDER_OPEN", lifted_at=None).exists()


class TestHelpers:
    def test_a_helper_sees_the_order_and_records_progress_but_not_the_person(self, order_in, parties, tree):
        order = parties.do("add_co_handler", order_in("IN_PROGRESS"))
        with acting(parties.co_handler.scope):
            assert selectors.order_of(parties.co_handler, order.pk).pk == order.pk
            assert case_of(parties.co_handler, order.case_id)
        parties.do("progress", order, parties.whose("progress", "co_handler"))
        with acting(EVERYTHING):
            kinds = selectors.visible_to(parties.co_handler)
            assert kinds.exists()

    def test_the_helper_finds_it_in_a_box_of_its_own_until_it_is_done(self, order_in, parties):
        order = parties.do("add_co_handler", order_in("IN_PROGRESS"))
        with acting(parties.co_handler.scope):
            assert [o.pk for o in selectors.orders_list(parties.co_handler, "co-handled").orders] == [order.pk]
        parties.do("co_done", order)
        with acting(parties.co_handler.scope):
            assert selectors.orders_list(parties.co_handler, "co-handled").orders == []

    def test_let_go_it_is_out_of_sight(self, order_in, parties):
        order = parties.do("add_co_handler", order_in("IN_PROGRESS"))
        parties.do("remove_co_handler", order)
        with acting(parties.co_handler.scope), pytest.raises(NotFound):
            selectors.order_of(parties.co_handler, order.pk)

    def test_nobody_is_asked_twice(self, order_in, parties):
        order = parties.do("add_co_handler", order_in("IN_PROGRESS"))
        with pytest.raises(Invalid):
            parties.do("add_co_handler", order)


class TestParts:
    @pytest.fixture
    def part(self, order_in, parties):
        order = parties.do("sub_order", order_in("IN_PROGRESS"))
        with acting(EVERYTHING):
            return WorkOrder.objects.select_related("case").get(parent=order)

    def test_it_has_its_own_handler_and_clock_and_the_first_handler_reviews(self, part, tree):
        assert part.number.endswith("-W01-1")
        assert part.organisation_id == part.reviewer_organisation_id == tree.county.id
        assert part.handler_organisation_id == tree.other_city.id
        assert part.due_at is not None

    def test_who_sent_the_whole_sees_the_part(self, part, parties):
        for name in ("origin", "reviewer"):
            who = getattr(parties, name)
            with acting(who.scope):
                assert selectors.order_of(who, part.pk).pk == part.pk

    def test_the_whole_is_not_handed_in_before_its_parts(self, part, parties):
        whole = parties.again(WorkOrder(pk=part.parent_id))
        with pytest.raises(DomainError) as refused:
            parties.do("submit", whole)
        assert refused.value.code == "orders.order.subs-open"
        for act, who in (("accept", "co_handler"), ("submit", "co_handler"), ("approve", "handler")):
            part = parties.do(act, part, parties.whose(act, who))
        assert parties.do("submit", whole).state == "SUBMITTED"

    def test_a_part_has_no_parts(self, part, parties):
        parties.do("accept", part, parties.whose("accept", "co_handler"))
        with pytest.raises(DomainError) as refused:
            parties.do("sub_order", part, parties.whose("sub_order", "co_handler"))
        assert refused.value.code == "orders.order.is-a-sub"


class TestSplitting:
    def test_one_matter_becomes_an_order_of_its_own(self, order_in, parties):
        order = order_in("IN_PROGRESS")
        parties.do("split", order)
        with acting(parties.origin.scope):
            (fresh,) = WorkOrder.objects.filter(split_from=order)
            assert (fresh.state, fresh.kind, fresh.case_id) == ("DRAFTED", "LEGAL", order.case_id)
            assert [entry.how for entry in selectors.related(parties.origin, order)] == ["拆分出"]


class TestMerging:
    @pytest.fixture
    def twin(self, agent_here, parties, contact, at):
        """The same matter, told by somebody else: another contact, another case, another order."""
        with acting(agent_here.scope):
            second = Contact.objects.create(
                organisation_id=agent_here.organisation_id,
                province="440000",
                channel=contact.channel,
                account_id=agent_here.account_id,
                first_contact_owner_account_id=agent_here.account_id,
                started_at=at,
            )
            other = open_case(
                actor=agent_here, contact_id=second.pk, new=NewCase("LEGAL_CUSTODY", "ROUTINE", "440106"), at=at
            )
            return services.draft_order(actor=agent_here, case_id=other.pk, new=NEW, at=at)

    def merged(self, parties, twin, main):
        with acting(parties.origin.scope):
            return services.merge(
                actor=parties.origin, order_id=twin.pk, target_number=main.number, words="同一件事", at=parties.at
            )

    def test_both_cases_stay_held_until_the_one_order_is_finished(self, twin, order_in, parties):
        main = order_in("SUBMITTED")
        self.merged(parties, twin, main)
        assert held(twin.case)
        parties.do("approve", main)
        assert not held(twin.case)
        assert not held(main.case)
        with acting(EVERYTHING):
            assert Entry.objects.filter(name="followups.planned", case_id=twin.case_id).count() == 1
            assert Entry.objects.filter(name="orders.finished").count() == 2

    def test_it_can_be_undone(self, twin, order_in, parties):
        self.merged(parties, twin, order_in("DISPATCHED"))
        assert parties.do("unmerge", twin).state == "DRAFTED"
        assert held(twin.case)

    def test_when_the_other_is_cancelled_it_stands_alone_again(self, twin, order_in, parties):
        main = order_in("DISPATCHED")
        self.merged(parties, twin, main)
        parties.do("cancel", main)
        assert parties.again(twin).state == "DRAFTED"

    def test_what_was_merged_into_it_goes_along(self, twin, draft, order_in, parties, case, at):
        with acting(parties.origin.scope):
            third = services.draft_order(actor=parties.origin, case_id=case.id, new=NEW, at=at)
        self.merged(parties, twin, draft)
        self.merged(parties, draft, third)
        assert parties.again(twin).merged_into_id == third.pk

    def test_not_into_itself_and_not_into_what_is_over(self, twin, order_in, parties):
        for target in (twin, order_in("FINISHED")):
            with pytest.raises(Invalid):
                self.merged(parties, twin, target)


class TestMoving:
    def test_a_city_moves_work_between_its_counties(self, order_in, parties, tree):
        order = parties.do("reassign", order_in("IN_PROGRESS"), parties.whose("reassign", "reviewer"))
        assert (order.handler_organisation_id, order.state) == (tree.other_county.id, "DISPATCHED")
        assert order.reviewer_organisation_id == tree.city.id
        with acting(parties.handler.scope), pytest.raises(NotFound):
            selectors.order_of(parties.handler, order.pk)
        with acting(parties.reviewer.scope):
            assert selectors.order_of(parties.reviewer, order.pk).pk == order.pk

    def test_a_city_that_got_it_splits_it_among_its_counties(self, draft, parties, tree, at):
        with acting(parties.origin.scope):
            order = services.dispatch(
                actor=parties.origin, order_id=draft.id, handler_organisation_id=tree.city.id, at=at
            )
        order = parties.do("reassign", order, parties.whose("reassign", "reviewer"))
        assert order.handler_organisation_id == tree.other_county.id
        assert order.reviewer_organisation_id == tree.city.id

    def test_nobody_but_the_origin_sends_it_sideways(self, order_in, parties, tree, at):
        order, city = order_in("IN_PROGRESS"), parties.whose("reassign", "reviewer")
        with acting(city.scope), pytest.raises(Invalid) as refused:
            services.reassign(
                actor=city, order_id=order.pk, handler_organisation_id=tree.other_city.id, words="不归我", at=at
            )
        assert refused.value.code == "orders.handler.not-below"

    def test_a_colleague_is_told_and_stands_on_the_order(self, order_in, parties):
        order = parties.do("assign", order_in("DISPATCHED"))
        assert order.handler_account_id == parties.handler.account_id
        assert parties.do("accept", order).handler_account_id == parties.handler.account_id


class TestTheEndOfTheRoad:
    def test_signing_the_case_off_signs_its_orders_off(self, order_in, leader_here, parties, at):
        order = order_in("FINISHED")
        assert services.sign_off_orders(case_id=order.case_id, at=at) == 1
        assert parties.again(order).state == "SIGNED_OFF"

    def test_taken_up_again_the_case_is_held_and_the_clocks_run(self, order_in, parties, case):
        order = parties.do("reopen", order_in("FINISHED"))
        assert held(case)
        assert order.due_at is not None
        assert order.finished_at is None
