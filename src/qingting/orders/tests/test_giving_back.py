"""A county gives an order back to its city, and the city decides; and nobody acts on what has meanwhile become another's."""

import dataclasses

import pytest

from qingting.core.errors import DomainError, Invalid
from qingting.core.models import Clock
from qingting.core.scope import EVERYTHING, acting
from qingting.orders import selectors, services
from qingting.orders.services.engine import begin, take
from qingting.orders.states import Box
from qingting.staff.models import Notice

pytestmark = pytest.mark.django_db


def running(order) -> set[str]:
    with acting(EVERYTHING):
        clocks = Clock.objects.filter(subject_kind="order", subject_id=order.pk, met_at=None, cancelled_at=None)
        return set(clocks.values_list("kind", flat=True))


class TestGivingBack:
    def test_the_city_is_told_and_the_young_person_is_not_left_waiting(self, order_in, parties, tree):
        order = order_in("IN_PROGRESS")
        work = running(order)
        back = parties.do("give_back", order, words="本区没有心理咨询师")
        assert back.handler_organisation_id == tree.county.id, "answerable until the city has decided"
        assert running(back) == work | {"ORDER_REVIEW"}
        with acting(parties.reviewer.scope):
            waiting = selectors.orders_list(parties.reviewer, Box.TO_REVIEW).orders
            assert [one.pk for one in waiting] == [order.pk]
            kinds = Notice.objects.filter(organisation_id=tree.city.id).values_list("kind", flat=True)
            assert "orders.given-back" in kinds

    def test_the_city_asks_it_to_go_on(self, order_in, parties):
        order = order_in("GIVEN_BACK")
        again = parties.do("hand_again", order, words="市里派咨询师支持")
        assert again.state == "IN_PROGRESS"
        assert "ORDER_REVIEW" not in running(again)

    def test_the_city_gives_it_to_another_county(self, order_in, parties, tree):
        order = order_in("GIVEN_BACK")
        with acting(parties.reviewer.scope):
            moved = services.reassign(
                actor=parties.reviewer,
                order_id=order.pk,
                handler_organisation_id=tree.other_county.id,
                words="越秀有力量",
                at=parties.at,
            )
        assert (moved.state, moved.handler_organisation_id) == ("DISPATCHED", tree.other_county.id)

    def test_the_city_keeps_it_and_the_province_reviews(self, order_in, parties, tree):
        order = order_in("GIVEN_BACK")
        with acting(parties.reviewer.scope):
            kept = services.reassign(
                actor=parties.reviewer,
                order_id=order.pk,
                handler_organisation_id=tree.city.id,
                words="市级自己办",
                at=parties.at,
            )
        assert (kept.handler_organisation_id, kept.reviewer_organisation_id) == (tree.city.id, tree.province.id)

    def test_only_what_came_back_may_be_kept(self, order_in, parties, tree):
        order = order_in("IN_PROGRESS")
        with acting(parties.reviewer.scope), pytest.raises(Invalid) as refused:
            services.reassign(
                actor=parties.reviewer,
                order_id=order.pk,
                handler_organisation_id=tree.city.id,
                words="拿回来",
                at=parties.at,
            )
        assert refused.value.code == "orders.handler.not-below"

    def test_the_page_offers_it_with_the_city_among_the_choices(self, order_in, parties, browser, tree):
        order = order_in("GIVEN_BACK")
        page = browser(parties.reviewer).get(f"/orders/{order.pk}/").content.decode()
        assert "交回待统筹" in page
        assert 'data-dialog-open="order-hand_again"' in page
        assert f'value="{tree.city.id}"' in page

    def test_a_sub_order_has_no_city_to_go_back_to(self, order_in, parties, tree):
        order = parties.do("sub_order", order_in("IN_PROGRESS"))
        with acting(EVERYTHING):
            part = order.sub_orders.get()
        helper = dataclasses.replace(parties.co_handler, permissions=parties.co_handler.permissions | {"orders.accept"})
        with acting(helper.scope):
            services.accept(actor=helper, order_id=part.pk, at=parties.at)
            with pytest.raises(DomainError) as refused:
                services.give_back(actor=helper, order_id=part.pk, words="办不了", at=parties.at)
        assert refused.value.code == "orders.order.no-hub"


class TestWhoWasFaster:
    """The state alone does not say that nothing happened: an order may have gone to somebody else and stand where it stood."""

    def test_nobody_accepts_what_was_meanwhile_given_to_another_county(self, order_in, parties):
        order = order_in("DISPATCHED")
        with acting(parties.handler.scope):
            step = begin(parties.handler, order.pk, "accept", parties.at)
        parties.do("reassign", order)
        with acting(EVERYTHING), pytest.raises(DomainError) as refused:
            take(step, "")
        assert refused.value.code == "orders.order.wrong-state"

    def test_nobody_approves_what_was_meanwhile_listed(self, order_in, parties):
        order = order_in("SUBMITTED")
        with acting(parties.reviewer.scope):
            step = begin(parties.reviewer, order.pk, "approve", parties.at)
        parties.do("supervise", order, parties.whose("supervise", "above"))
        with acting(EVERYTHING), pytest.raises(DomainError):
            take(step, "")
