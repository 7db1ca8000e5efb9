"""More time, a pause, objections, reminders: what they do to clocks, and to whom they are told."""

from datetime import timedelta

import pytest

from qingting.core.clocks import tick
from qingting.core.errors import DomainError, Invalid
from qingting.core.models import Clock, Entry
from qingting.core.scope import EVERYTHING, acting
from qingting.orders import services
from qingting.staff.models import Notice

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def clocks(order) -> dict[str, Clock]:
    with acting(EVERYTHING):
        found = Clock.objects.filter(subject_kind="order", subject_id=order.pk, met_at=None, cancelled_at=None)
        return {clock.kind: clock for clock in found}


def told(organisation) -> list[str]:
    with acting(EVERYTHING):
        return list(Notice.objects.filter(organisation_id=organisation.id).values_list("kind", flat=True))


class TestMoreTime:
    def test_a_granted_extension_moves_the_deadline_of_the_work_and_nothing_else(self, order_in, parties, at):
        order = order_in("IN_PROGRESS", before="grant_extension")
        assert set(clocks(order)) == {"CRISIS_INTERVENTION", "CONSULTATION", "ORDER_REVIEW"}
        done = parties.do("grant_extension", order)
        running = clocks(done)
        assert set(running) == {"CRISIS_INTERVENTION", "CONSULTATION"}
        assert running["CONSULTATION"].due_at == at + timedelta(hours=48)
        assert running["CRISIS_INTERVENTION"].due_at == at + timedelta(minutes=30)

    def test_what_was_already_late_stays_on_record_as_late(self, order_in, parties, at):
        order = order_in("IN_PROGRESS", before="grant_extension")
        parties.at = at + timedelta(hours=30)
        tick(at=parties.at)
        parties.do("grant_extension", order)
        assert clocks(order)["CONSULTATION"].due_at == parties.at + timedelta(hours=24)
        with acting(EVERYTHING):
            assert Clock.objects.get(kind="CONSULTATION", cancelled_at__isnull=False).breached_at == parties.at

    def test_one_ask_of_a_kind_at_a_time(self, order_in, parties):
        order = order_in("IN_PROGRESS", before="grant_extension")
        with pytest.raises(DomainError) as refused:
            parties.do("ask_extension", order)
        assert refused.value.code == "orders.ask.already-open"

    def test_no_answer_without_an_ask(self, order_in, parties):
        with pytest.raises(DomainError) as refused:
            parties.do("grant_extension", order_in("IN_PROGRESS"))
        assert refused.value.code == "orders.ask.none-open"

    @pytest.mark.parametrize("hours", [0, 721])
    def test_only_so_much(self, hours, order_in, parties, at):
        order = order_in("IN_PROGRESS")
        with acting(parties.handler.scope), pytest.raises(Invalid):
            services.ask_extension(actor=parties.handler, order_id=order.pk, hours=hours, words="等材料", at=at)

    def test_handing_in_withdraws_the_ask(self, order_in, parties):
        order = parties.do("submit", order_in("IN_PROGRESS", before="grant_extension"))
        back = parties.do("send_back", order)
        with pytest.raises(DomainError) as refused:
            parties.do("grant_extension", back)
        assert refused.value.code == "orders.ask.none-open"


class TestAPause:
    def test_nobody_in_danger_is_put_on_hold(self, order_in, parties):
        with pytest.raises(DomainError) as refused:
            parties.do("ask_pause", order_in("IN_PROGRESS"))
        assert refused.value.code == "orders.order.crisis-first"

    def test_the_clocks_stand_still_and_the_pause_has_an_end(self, order_in, at):
        order = order_in("PAUSED")
        running = clocks(order)
        assert running["CONSULTATION"].paused_at == at
        assert running["ORDER_PAUSE"].due_at == order.due_at == at + timedelta(days=7)
        assert tick(at=at + timedelta(days=2)) >= 0
        assert clocks(order)["CONSULTATION"].breached_at is None

    def test_taken_up_again_what_was_left_is_left(self, order_in, parties, at):
        order = order_in("PAUSED")
        parties.at = at + timedelta(days=3)
        done = parties.do("resume", order)
        assert done.due_at == at + timedelta(days=4)
        assert set(clocks(done)) == {"CONSULTATION"}

    def test_it_ends_by_itself(self, order_in, parties, at):
        order = order_in("PAUSED")
        for hours in (7 * 24, 7 * 24 + 1):  # first the warning, then the end
            tick(at=at + timedelta(hours=hours))
        again = parties.again(order)
        assert again.state == "IN_PROGRESS"
        with acting(EVERYTHING):
            assert Entry.objects.filter(name="orders.resumed", subject_id=order.pk).count() == 1


class TestObjections:
    def test_once_ruled_upon_it_must_be_accepted(self, order_in, parties):
        order = parties.do("uphold", order_in("OBJECTED"))
        assert set(clocks(order)) == {"ORDER_ACCEPTANCE"}
        for act in ("return", "object"):
            with pytest.raises(DomainError) as refused:
                parties.do(act, order)
            assert refused.value.code == "orders.order.firm"
        assert parties.do("accept", order).state == "IN_PROGRESS"

    def test_the_reviewer_is_waited_for_meanwhile(self, order_in, tree):
        order = order_in("OBJECTED")
        (clock,) = clocks(order).values()
        assert (clock.kind, clock.organisation_id) == ("ORDER_REVIEW", tree.city.id)
        assert "orders.objected" in told(tree.city)

    def test_sent_elsewhere_it_may_be_returned_again(self, order_in, parties):
        order = parties.do("uphold", order_in("OBJECTED"))
        order = parties.do("reassign", order)
        assert parties.do("return", order, parties.tree.person("ORDER_HANDLER", parties.tree.other_county)).state


class TestReminders:
    def test_they_are_counted_and_not_pressed_twice(self, order_in, parties, tree, at):
        order = parties.do("remind", order_in("IN_PROGRESS"))
        with pytest.raises(DomainError) as refused:
            parties.do("remind", order)
        assert refused.value.code == "orders.order.reminded-lately"
        parties.at = at + timedelta(minutes=31)
        assert parties.do("remind", order, parties.whose("remind", "above")).reminders == 2
        assert told(tree.county).count("orders.reminded") == 2
