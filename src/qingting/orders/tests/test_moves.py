"""Every allowed act works for whoever's act it is; every other pair of state and act is refused; generated from MOVES."""

import dataclasses
import threading

import pytest
from django.db import connection, transaction

from qingting.core.errors import DomainError, Invalid, NotAllowed, NotFound
from qingting.core.models import Entry
from qingting.core.scope import EVERYTHING, acting
from qingting.orders.models import WorkOrder
from qingting.orders.rules import acts_and_states
from qingting.orders.selectors import acts_open_to, visible_to
from qingting.orders.states import MOVES, SYSTEM, OrderState

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PAIRS = acts_and_states(OrderState.values)
ALLOWED = [(state, act, by) for state, act, allowed in PAIRS if allowed for by in MOVES[act].by]
BY_PEOPLE = [(state, act, by) for state, act, by in ALLOWED if by != SYSTEM]
PARTIES = ("origin", "handler", "co_handler", "reviewer", "above")
OUT_OF_SIGHT = {"orders.order.not-found", "orders.order.other-organisation"}


def state_of(order) -> str:
    with acting(EVERYTHING), transaction.atomic():
        return WorkOrder.objects.get(pk=order.pk).state


def sees(who, order) -> bool:
    with acting(who.scope), transaction.atomic():
        return visible_to(who).filter(pk=order.pk).exists()


def can_be(by, state) -> bool:
    """Nobody handles, helps with or reviews what is not out."""
    return by in {"origin", SYSTEM} or state not in {"DRAFTED", "RETURNED", "CANCELLED", "MERGED"}


@pytest.mark.parametrize(("state", "act", "by"), [case for case in ALLOWED if can_be(case[2], case[0])])
def test_allowed(state, act, by, order_in, parties, at):
    lifting = act == "lift_supervision"  # by whoever listed it
    order = order_in(state, before="" if lifting else act)
    if by == "co_handler" and act == "progress":
        order = parties.do("add_co_handler", order)
    if lifting:
        order = parties.do("supervise", order, parties.whose("supervise", by))
    if by == SYSTEM:
        done = parties.do(act, order)
    else:
        who = parties.whose(act, by)
        with acting(who.scope), transaction.atomic():
            assert act in [move.act for move in acts_open_to(who, order, at=at)]
        done = parties.do(act, order, who)
    assert done.state == state_of(done) == MOVES[act].leads_to(state)


@pytest.mark.parametrize("state", OrderState.values)
def test_every_other_act_is_refused(state, order_in, parties):
    order = order_in(state)
    for act, move in MOVES.items():
        for by in move.by if state not in move.sources else ():
            who = None if by == SYSTEM else parties.whose(act, by)
            with pytest.raises(DomainError) as refused:
                parties.do(act, order, who)
            unseen = OUT_OF_SIGHT if by not in {"origin", SYSTEM} else set()
            assert refused.value.code in {"orders.order.wrong-state"} | unseen, (act, by)
    assert state_of(order) == state


@pytest.mark.parametrize("state", OrderState.values)
def test_another_party_may_not(state, order_in, parties):
    """Being a party to an order, or standing above it, is not being the party whose act it is."""
    order = order_in(state)
    if state == "IN_PROGRESS":
        order = parties.do("add_co_handler", order)
    moves = [move for move in MOVES.values() if state in move.sources and SYSTEM not in move.by]
    for move in moves:
        for by in set(PARTIES) - set(move.by):
            who = parties.whose(move.act, by)
            with pytest.raises(DomainError) as refused:
                parties.do(move.act, order, who)
            expected = "other-organisation" if sees(who, order) else "not-found"
            assert refused.value.code == f"orders.order.{expected}", (move.act, by)
    assert state_of(order) == state


@pytest.mark.parametrize("state", OrderState.values)
def test_elsewhere_there_is_no_such_order(state, order_in, parties, agent_elsewhere):
    order = order_in(state)
    for move in MOVES.values():
        if state in move.sources and SYSTEM not in move.by:
            with pytest.raises(NotFound):
                parties.do(move.act, order, agent_elsewhere)


@pytest.mark.parametrize("state", OrderState.values)
def test_the_right_organisation_without_the_permission_may_not(state, order_in, parties):
    order = order_in(state)
    if state == "IN_PROGRESS":
        order = parties.do("add_co_handler", order)
    for _, act, by in [case for case in BY_PEOPLE if case[0] == state and can_be(case[2], state)]:
        bare = dataclasses.replace(getattr(parties, by), permissions=frozenset())
        with pytest.raises(NotAllowed) as refused:
            parties.do(act, order, bare)
        assert refused.value.code == "core.actor.not-allowed", (act, by)


@pytest.mark.parametrize("state", OrderState.values)
def test_an_act_that_needs_words_is_refused_without(state, order_in, parties):
    order = order_in(state)
    for move in [move for move in MOVES.values() if state in move.sources and move.needs_words]:
        who = parties.whose(move.act)
        if move.by[0] == "co_handler":
            continue  # not one yet
        with pytest.raises(Invalid) as refused:
            parties.do(move.act, order, who, words="  ")
        assert refused.value.code == "orders.order.words-missing", move.act
    assert state_of(order) == state


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("acts", [("accept", "accept"), ("accept", "return"), ("accept", "cancel")])
def test_two_at_once_have_one_effect(acts, order_in, parties):
    order, answers = order_in("DISPATCHED"), []

    def press(act: str) -> None:
        try:
            answers.append(parties.do(act, order).state)
        except DomainError as error:
            answers.append(error.code)
        finally:
            connection.close()

    both = [threading.Thread(target=press, args=[act]) for act in acts]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    won = [answer for answer in answers if answer in OrderState.values]
    assert len(won) == 1
    assert state_of(order) == won[0]
    with acting(EVERYTHING), transaction.atomic():
        told = Entry.objects.filter(subject_kind="order", subject_id=order.pk)
        after = told.exclude(name__in=["orders.drafted", "orders.dispatched"])
        assert after.count() == 1
