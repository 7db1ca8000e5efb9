"""Many orders at once: the wall, the load of everybody below, the supervised, and bulk work with its undoing."""

import dataclasses

import pytest
from django.urls import reverse

from qingting.core.errors import DomainError, Invalid, NotAllowed, NotFound
from qingting.core.scope import acting
from qingting.orders import selectors, services
from qingting.orders.services import NewBulk
from qingting.staff import selectors as staff
from qingting.staff.models import Notice

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


class TestSupervision:
    def test_it_is_listed_for_all_parties_and_only_then_finished_when_it_was_verified(self, order_in, parties, at):
        order = parties.do("supervise", order_in("SUBMITTED"), parties.whose("supervise", "above"))
        for name in ("origin", "handler", "reviewer"):
            who = getattr(parties, name)
            with acting(who.scope):
                assert [one.pk for one in selectors.supervised(who)] == [order.pk]
        with pytest.raises(DomainError) as refused:
            parties.do("approve", order)
        assert refused.value.code == "orders.order.supervised"
        order = parties.do("lift_supervision", order, parties.whose("lift_supervision", "above"))
        assert parties.do("approve", order).state == "FINISHED"

    def test_only_who_listed_it_or_stands_above_takes_it_off(self, order_in, parties):
        order = parties.do("supervise", order_in("IN_PROGRESS"), parties.whose("supervise", "above"))
        with pytest.raises(NotAllowed) as refused:
            parties.do("lift_supervision", order, parties.whose("lift_supervision", "reviewer"))
        assert refused.value.code == "orders.supervision.not-yours"


class TestTheWall:
    def test_what_runs_out_within_a_day_stands_on_it_for_those_above(self, order_in, parties, at):
        order = order_in("DISPATCHED")
        with acting(parties.reviewer.scope):
            rows, counts = selectors.wall(parties.reviewer, at=at)
        assert [row.order.pk for row in rows] == [order.pk]
        assert (counts["late"], counts["hour"], counts["day"]) == (0, 0, 1)

    def test_elsewhere_it_is_empty(self, order_in, browser, agent_elsewhere):
        order_in("DISPATCHED")
        words = browser(agent_elsewhere).get(reverse("orders:wall")).content.decode()
        assert "一天之内没有要到期的事项" in words


class TestLoad:
    def test_each_organisation_and_person_with_what_is_in_hand(self, order_in, parties, tree, at):
        order_in("IN_PROGRESS")
        with acting(parties.reviewer.scope):
            loads = {load.key: load for load in selectors.load_of_houses(parties.reviewer, at=at)}
            people = selectors.load_of_people(parties.reviewer, tree.county.id, at=at)
        assert (loads[tree.county.id].working, loads[tree.other_county.id].total) == (1, 0)
        assert [(load.name, load.working) for load in people] == [("何敏", 1)]

    @pytest.mark.parametrize("page", ["wall", "hub", "supervised", "choose"])
    def test_the_pages_open_for_every_party(self, page, order_in, parties, browser, tree):
        parties.do("supervise", order_in("IN_PROGRESS"))
        for name in ("origin", "handler", "reviewer"):
            answer = browser(getattr(parties, name)).get(reverse(f"orders:{page}"), {"house": tree.county.id})
            assert answer.status_code == 200


class TestBulk:
    @pytest.fixture
    def run(self, parties, at):
        """Plan, confirm, and let the worker work until there is nothing to do."""

        def go(who, orders, new):
            with acting(who.scope):
                bulk = services.plan_bulk(actor=who, order_ids=[order.pk for order in orders], new=new, at=at)
                services.confirm_bulk(actor=who, bulk_id=bulk.pk, at=at)
            while services.work_on_bulk(at=at):
                pass
            return bulk

        return go

    def states(self, who, bulk):
        with acting(who.scope):
            return sorted(bulk.items.values_list("state", flat=True))

    def test_a_plan_says_beforehand_what_will_be_refused_and_does_nothing_yet(self, order_in, parties, tree, draft, at):
        order, city = order_in("IN_PROGRESS"), parties.reviewer
        new = NewBulk("reassign", "平衡负荷", handler_organisation_id=tree.county.id)
        with acting(city.scope):
            bulk = services.plan_bulk(actor=city, order_ids=[order.pk], new=new, at=at)
            (item,) = bulk.items.all()
        assert (item.state, item.reason) == ("REFUSED", "已经由该单位主办。")
        assert parties.again(order).state == "IN_PROGRESS"

    def test_moving_work_to_another_county_and_back(self, order_in, parties, tree, run, at):
        order, city = order_in("IN_PROGRESS"), parties.reviewer
        bulk = run(city, [order], NewBulk("reassign", "平衡负荷", handler_organisation_id=tree.other_county.id))
        assert parties.again(order).handler_organisation_id == tree.other_county.id
        assert self.states(city, bulk) == ["DONE"]
        with acting(city.scope):
            services.undo_bulk(actor=city, bulk_id=bulk.pk, at=at)
        while services.work_on_bulk(at=at):
            pass
        assert parties.again(order).handler_organisation_id == tree.county.id
        assert self.states(city, bulk) == ["UNDONE"]

    def test_what_somebody_touched_since_is_not_taken_back(self, order_in, parties, tree, run, at):
        order, city = order_in("IN_PROGRESS"), parties.reviewer
        bulk = run(city, [order], NewBulk("reassign", "平衡负荷", handler_organisation_id=tree.other_county.id))
        parties.do("accept", order, dataclasses.replace(tree.person("ORDER_HANDLER", tree.other_county)))
        with acting(city.scope):
            services.undo_bulk(actor=city, bulk_id=bulk.pk, at=at)
        while services.work_on_bulk(at=at):
            pass
        assert self.states(city, bulk) == ["KEPT"]

    def test_who_lost_the_right_meanwhile_does_nothing(self, order_in, parties, tree, run, at):
        order = order_in("IN_PROGRESS")
        handler = parties.handler
        bare = dataclasses.replace(handler, permissions=handler.permissions | {"orders.dispatch"})
        bulk = run(bare, [order], NewBulk("reassign", "不该成", handler_organisation_id=tree.county_home.id))
        assert self.states(handler, bulk) == ["REFUSED"]
        assert parties.again(order).handler_organisation_id == tree.county.id

    def test_reminding_many_and_no_undoing_of_that(self, order_in, parties, run, at):
        order, city = order_in("IN_PROGRESS"), parties.reviewer
        bulk = run(city, [order], NewBulk("remind", "请抓紧"))
        assert parties.again(order).reminders == 1
        with acting(city.scope), pytest.raises(DomainError):
            services.undo_bulk(actor=city, bulk_id=bulk.pk, at=at)

    @pytest.mark.parametrize(
        "new", [NewBulk("reassign", "只有话"), NewBulk("finish"), NewBulk("merge", "", target_number="X")]
    )
    def test_half_a_plan_is_refused(self, new, order_in, parties, at):
        order = order_in("IN_PROGRESS")
        with acting(parties.reviewer.scope), pytest.raises(Invalid):
            services.plan_bulk(actor=parties.reviewer, order_ids=[order.pk], new=new, at=at)

    def test_nobody_sees_somebody_elses_plan(self, order_in, parties, run):
        bulk = run(parties.reviewer, [order_in("IN_PROGRESS")], NewBulk("remind"))
        with acting(parties.origin.scope), pytest.raises(NotFound):
            selectors.bulk_of(parties.origin, bulk.pk)

    def test_on_the_pages(self, order_in, parties, browser, tree):
        order, client = order_in("IN_PROGRESS"), browser(parties.reviewer)
        sent = {"order": [order.pk], "act": "reassign", "handler": tree.other_county.id, "words": "平衡负荷"}
        page = client.post(reverse("orders:plan"), sent)["Location"]
        assert "确认执行（1张）" in client.get(page).content.decode()
        assert "进行中" in client.post(f"{page}confirm", follow=True).content.decode()


def test_opening_an_order_from_the_list_marks_its_notice_as_read(order_in, parties, browser):
    order = order_in("DISPATCHED")
    with acting(parties.handler.scope):
        assert staff.unread_count(parties.handler) == 1
    browser(parties.handler).get(reverse("orders:order", args=[order.pk]))
    with acting(parties.handler.scope):
        assert staff.unread_count(parties.handler) == 0
        assert Notice.objects.exists()
