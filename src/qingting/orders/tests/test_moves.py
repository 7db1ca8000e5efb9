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
from qingting.orders.selectors import acts_open_to
from qingting.orders.states import MOVES, OrderState

pytestmark = pytest.mark.django_db
PAIRS = acts_and_states(OrderState.values)
ALLOWED = [(state, act) for state, act, allowed in PAIRS if allowed]
REFUSED = [(state, act) for state, act, allowed in PAIRS if not allowed]
# The handler of a returned order no longer sees it; from outside, refused and not there look the same.
GONE = {("RETURNED", act) for act, move in MOVES.items() if move.by != "origin"}


def state_of(order) -> str:
    with acting(EVERYTHING), transaction.atomic():
        return WorkOrder.objects.get(pk=order.pk).state


@pytest.mark.parametrize(("state", "act"), ALLOWED)
def test_allowed(state, act, order_in, parties):
    done = parties.do(act, order_in(state))
    assert done.state == state_of(done) == MOVES[act].target


@pytest.mark.parametrize(("state", "act"), ALLOWED)
def test_offered_to_whoever_may(state, act, order_in, parties):
    order, who = order_in(state), getattr(parties, MOVES[act].by)
    with acting(who.scope):
        assert act in [move.act for move in acts_open_to(who, order)]


@pytest.mark.parametrize(("state", "act"), REFUSED)
def test_refused(state, act, order_in, parties):
    order = order_in(state)
    with pytest.raises(DomainError) as refused:
        parties.do(act, order)
    unseen = order.handler_organisation_id is None or (state, act) in GONE
    expected = {"orders.order.not-found"} if unseen and MOVES[act].by != "origin" else {"orders.order.wrong-state"}
    assert refused.value.code in expected
    assert state_of(order) == state


@pytest.mark.parametrize(("state", "act"), ALLOWED)
def test_elsewhere_there_is_no_such_order(state, act, order_in, parties, agent_elsewhere):
    order = order_in(state)
    with pytest.raises(NotFound):
        parties.do(act, order, agent_elsewhere)


@pytest.mark.parametrize(("state", "act"), ALLOWED)
def test_another_organisation_that_sees_it_may_not_act(state, act, order_in, parties, tree):
    """The province sees everything below it; that does not make it the handler, the reviewer or the origin."""
    every = frozenset(move.permission for move in MOVES.values())
    above = dataclasses.replace(tree.person("REVIEWER", tree.province), permissions=every)
    order = order_in(state)
    with pytest.raises(NotAllowed) as refused:
        parties.do(act, order, above)
    assert refused.value.code == "orders.order.other-organisation"


@pytest.mark.parametrize(("state", "act"), ALLOWED)
def test_the_right_organisation_without_the_permission_may_not(state, act, order_in, parties):
    order, who = order_in(state), getattr(parties, MOVES[act].by)
    bare = dataclasses.replace(who, permissions=frozenset())
    with pytest.raises(NotAllowed) as refused:
        parties.do(act, order, bare)
    assert refused.value.code == "core.actor.not-allowed"


@pytest.mark.parametrize(("state", "act"), [(state, act) for state, act in ALLOWED if MOVES[act].needs_words])
def test_an_act_that_needs_words_is_refused_without(state, act, order_in, parties):
    order = order_in(state)
    with pytest.raises(Invalid):
        parties.do(act, order, words="  ")
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
