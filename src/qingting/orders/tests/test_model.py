"""Random acts by random people over a small tree, hundreds of steps: what must hold, holds after each of them.

Exactly one owner; no lost or doubled order or word; no clock without an end; nobody sees what they may not; the journal
replays to the same state; what is refused changes nothing. hypothesis chooses, remembers what failed, and makes it short.
"""

import dataclasses
import random
from collections import Counter, defaultdict
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from qingting.cases.models import CaseHold
from qingting.core.clocks import tick
from qingting.core.errors import DomainError
from qingting.core.models import Clock, Entry
from qingting.core.scope import EVERYTHING, acting
from qingting.directory.models import Organisation
from qingting.orders import services
from qingting.orders.models import CoHandler, OrderNote, WorkOrder
from qingting.orders.services import NewOrder
from qingting.orders.states import LIVE, MOVES, OPENS_CASE, SYSTEM, OrderState
from qingting.orders.tests.replay import CLOCKS, Told, replayed

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NAMES = ("origin", "handler", "reviewer", "co_handler", "above", "neighbour", "stranger")
ACTS = [act for act, move in MOVES.items() if SYSTEM not in move.by]
STRAIGHT = {
    "DRAFTED": "dispatch",
    "RETURNED": "dispatch",
    "DISPATCHED": "accept",
    "OBJECTED": "uphold",
    "IN_PROGRESS": "submit",
    "PAUSED": "resume",
    "GIVEN_BACK": "hand_again",
    "SUBMITTED": "approve",
}


def everything():
    """Look at what is really stored."""
    return acting(EVERYTHING)


class Orders(RuleBasedStateMachine):
    """Two orders of one case to begin with; more come by splitting and by sub-orders."""

    def __init__(self, parties, case):
        super().__init__()
        self.parties, self.case, self.tried = parties, case, Counter()
        self.began = parties.at
        self.ids: list[int] = []

    @initialize()
    def two_orders(self):
        self.parties.at = self.began
        for urgency in ("ROUTINE", "CRITICAL"):
            new = NewOrder("RIGHTS", urgency, "440106", "请上门看看")
            with acting(self.parties.origin.scope):
                draft = services.draft_order(
                    actor=self.parties.origin, case_id=self.case.pk, new=new, at=self.parties.at
                )
            self.ids.append(draft.pk)

    @rule(choice=st.integers(0, 10_000), by=st.integers(0, 3), place=st.integers(0, 20))
    def the_work_goes_on(self, choice, by, place):
        """An act of the order's state, by one of the parties whose act it is."""
        order = self.orders()[place % len(self.orders())]
        fitting = [move for move in MOVES.values() if order.state in move.sources and SYSTEM not in move.by]
        if fitting:
            move = fitting[choice % len(fitting)]
            self._try(order, move.act, self._party(order, move.by[by % len(move.by)]))

    @rule(place=st.integers(0, 20))
    def straight_on(self, place):
        """The road to the end."""
        order = self.orders()[place % len(self.orders())]
        act = STRAIGHT.get(order.state)
        if act:
            self._try(order, act, self._party(order, MOVES[act].by[0]))

    @rule(name=st.sampled_from(NAMES), act=st.sampled_from(ACTS), place=st.integers(0, 20))
    def somebody_tries_anything(self, name, act, place):
        self._try(self.orders()[place % len(self.orders())], act, getattr(self.parties, name))

    def _try(self, order, act, who):
        who = dataclasses.replace(who, permissions=who.permissions | {MOVES[act].permission})
        before = self.stored()
        try:
            with transaction.atomic():
                self.parties.do(act, order, who)
        except DomainError:
            assert self.stored() == before, f"{act} was refused and changed something"
        else:
            self.tried[act] += 1
            assert self.stored() != before

    def _party(self, order, by):
        """Somebody of the organisation that stands for a party now."""
        house = {"handler": order.handler_organisation_id, "reviewer": order.reviewer_organisation_id}.get(by)
        people = [getattr(self.parties, name) for name in NAMES]
        return next((person for person in people if person.organisation_id == house), getattr(self.parties, by))

    @rule(hours=st.sampled_from([1, 3, 30, 24 * 8]))
    def time_goes_by(self, hours):
        self.parties.at += timedelta(hours=hours)
        while tick(at=self.parties.at):
            pass

    def orders(self):
        """All of the case, in the order of their numbers."""
        with everything(), transaction.atomic():
            return list(WorkOrder.objects.filter(case=self.case).select_related("case").order_by("number"))

    def stored(self):
        """What acts change: orders, words, the journal about them."""
        with everything(), transaction.atomic():
            rows = list(WorkOrder.objects.filter(case=self.case).order_by("pk").values())
            notes = OrderNote.objects.filter(order__case=self.case).count()
            told = Entry.objects.filter(case_id=self.case.pk, name__startswith="orders.").count()
        return rows, notes, told

    @invariant()
    def each_has_exactly_one_owner(self):
        orders = {order.pk: order for order in self.orders()}
        for order in orders.values():
            if order.state in {
                "DISPATCHED",
                "OBJECTED",
                "GIVEN_BACK",
                "IN_PROGRESS",
                "PAUSED",
                "SUBMITTED",
                "FINISHED",
            }:
                assert order.handler_organisation_id
                assert order.reviewer_organisation_id
            seen = set()
            while order.state == "MERGED":
                assert order.pk not in seen, "orders merged into each other"
                seen.add(order.pk)
                order = orders[order.merged_into_id]  # noqa: PLW2901  (follow it to the one that is worked)

    @invariant()
    def nothing_is_lost_or_doubled(self):
        with everything(), transaction.atomic():
            entries = list(Entry.objects.filter(case_id=self.case.pk, name__startswith="orders."))
            numbers = list(WorkOrder.objects.filter(case=self.case).values_list("number", flat=True))
            notes = set(OrderNote.objects.filter(order__case=self.case).values_list("pk", flat=True))
        assert len(numbers) == len(set(numbers)) == sum(entry.name == "orders.drafted" for entry in entries)
        told = [entry.ids["note"] for entry in entries if "note" in entry.ids]
        assert sorted(told) == sorted(notes), "each word is told once"

    @invariant()
    def every_clock_has_an_end(self):
        for order in self.orders():
            with everything(), transaction.atomic():
                running = Clock.objects.filter(
                    subject_kind="order", subject_id=order.pk, met_at=None, cancelled_at=None
                )
                clocks = list(running)
            kinds = {clock.kind for clock in clocks}
            assert kinds <= CLOCKS.get(OrderState(order.state), set()), (order.state, kinds)
            if order.state in CLOCKS:
                assert kinds, f"{order.state} runs against nothing"
            awake = [clock.due_at for clock in clocks if clock.paused_at is None]
            assert order.due_at == min(awake, default=None)
            if order.state == "PAUSED":
                assert any(clock.kind == "ORDER_PAUSE" for clock in clocks), "a pause without an end"

    @invariant()
    def the_case_is_held_while_an_order_is_out(self):
        with everything(), transaction.atomic():
            holds = CaseHold.objects.filter(case=self.case, kind="ORDER_OPEN", lifted_at=None)
            held = set(holds.values_list("subject_id", flat=True))
        for order in self.orders():
            if order.state in LIVE - {OrderState.DRAFTED}:
                assert order.pk in held, order.state
            if order.state in {"FINISHED", "SIGNED_OFF", "CANCELLED"}:
                assert order.pk not in held, order.state

    @invariant()
    def nobody_sees_what_they_may_not(self):
        orders = [order for order in self.orders() if order.parent_id is None]
        with everything(), transaction.atomic():
            helping = list(CoHandler.objects.filter(order__in=orders, removed_at=None))
        for name in NAMES:
            who = getattr(self.parties, name)
            reach = who.scope.organisations
            with acting(who.scope), transaction.atomic():
                seen = set(WorkOrder.objects.filter(case=self.case, parent=None).values_list("pk", flat=True))
            may = {order.pk for order in orders if self._may_see(order, helping, reach)}
            assert seen == may, name

    def _may_see(self, order, helping, reach):
        if order.organisation_id in reach:
            return True
        parties = {order.handler_organisation_id, order.reviewer_organisation_id}
        parties |= {one.helper_organisation_id for one in helping if one.order_id == order.pk}
        return order.state in OPENS_CASE and bool(parties & reach)

    @invariant()
    def the_journal_replays_to_the_same_state(self):
        with everything(), transaction.atomic():
            entries = list(Entry.objects.filter(case_id=self.case.pk, subject_kind="order").order_by("pk"))
            above = {house.pk: house.path[:-1] for house in Organisation.objects.all()}
        told: defaultdict[int, list[Told]] = defaultdict(list)
        for entry in entries:
            ids = {**entry.ids, "organisation": entry.organisation_id}
            told[entry.subject_id].append(Told(entry.name, ids, entry.acting_as == "system"))
        for order in self.orders():
            replay = replayed(told[order.pk], above)
            assert replay.wrong == []
            assert (replay.state, replay.handler) == (order.state, order.handler_organisation_id)


@pytest.fixture
def machine(parties, case, tree, agent_elsewhere):
    parties.neighbour = tree.person("ORDER_HANDLER", tree.other_county, "邻区")
    parties.stranger = agent_elsewhere
    return parties, case


INVARIANTS = [
    "each_has_exactly_one_owner",
    "nothing_is_lost_or_doubled",
    "every_clock_has_an_end",
    "the_case_is_held_while_an_order_is_out",
    "nobody_sees_what_they_may_not",
    "the_journal_replays_to_the_same_state",
]


def test_a_long_walk(machine):
    """A hundred steps from a fixed seed, which surely come far; hypothesis below looks for the short and odd."""
    walk, chance = Orders(*machine), random.Random(12355)
    walk.two_orders()
    for _ in range(100):
        place, step = chance.randrange(20), chance.random()
        if step < 0.6:
            walk.the_work_goes_on(chance.randrange(10_000), chance.randrange(4), place)
        elif step < 0.8:
            walk.straight_on(place)
        elif step < 0.95:
            walk.somebody_tries_anything(chance.choice(NAMES), chance.choice(ACTS), place)
        else:
            walk.time_goes_by(chance.choice([1, 3, 30]))
        for name in INVARIANTS:
            getattr(walk, name)()
    assert len(walk.tried) >= 12, f"too few acts went through: {walk.tried}"


def test_what_must_hold_holds(machine):
    """Each example begins on a clean table: its rows are rolled back."""
    parties, case = machine
    done = Counter()

    class Clean(Orders):
        def __init__(self):
            self._space = transaction.atomic()
            self._space.__enter__()
            super().__init__(parties, case)

        def teardown(self):
            done.update(self.tried)
            transaction.set_rollback(True)
            self._space.__exit__(None, None, None)

    run_state_machine_as_test(
        Clean,
        settings=settings(
            max_examples=4,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert done
