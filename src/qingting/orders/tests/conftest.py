"""An order at Tianhe, and the three parties to it: who drafted, who handles, who reviews."""

from collections.abc import Callable

import pytest

from qingting.cases.tests.conftest import case, clock_rules, contact, new_case  # noqa: F401
from qingting.core.actors import Actor
from qingting.core.scope import acting
from qingting.orders import services
from qingting.orders.models import WorkOrder
from qingting.orders.services import NewOrder

NEW = NewOrder("CRISIS", "CRITICAL", "440106", "请立即上门了解情况，陪伴并评估安全。")
# How an order comes into each state: acts, one after another.
ROADS = {
    "DRAFTED": (),
    "DISPATCHED": ("dispatch",),
    "RETURNED": ("dispatch", "return"),
    "IN_PROGRESS": ("dispatch", "accept"),
    "SUBMITTED": ("dispatch", "accept", "submit"),
    "FINISHED": ("dispatch", "accept", "submit", "approve"),
    "CANCELLED": ("cancel",),
}


class Parties:
    """Who acts for whom: origin (station), handler (Tianhe), reviewer (Guangzhou)."""

    def __init__(self, tree, origin, at):
        self.tree, self.at = tree, at
        self.origin = origin
        self.handler = tree.person("ORDER_HANDLER", tree.county, "何敏")
        self.reviewer = tree.person("REVIEWER", tree.city, "林颖")

    def do(self, act: str, order: WorkOrder, actor: Actor | None = None, words: str = "已上门，情况平稳") -> WorkOrder:
        """Do an act as whoever's act it is, or as `actor`."""
        from qingting.orders.states import MOVES

        who = actor or getattr(self, MOVES[act].by)
        more: dict[str, object] = {"words": words}
        if act == "dispatch":
            more["handler_organisation_id"] = self.tree.county.id
        if act == "accept":
            more = {}
        name = {"return": "return_order", "progress": "record_progress"}.get(act, act)
        service: Callable[..., WorkOrder] = getattr(services, name)
        with acting(who.scope):
            return service(actor=who, order_id=order.pk, at=self.at, **more)


@pytest.fixture
def parties(tree, agent_here, at):
    return Parties(tree, agent_here, at)


@pytest.fixture
def draft(parties, case, at):  # noqa: F811
    with acting(parties.origin.scope):
        return services.draft_order(actor=parties.origin, case_id=case.id, new=NEW, at=at)


@pytest.fixture
def order_in(parties, draft):
    """Bring the order into a state by the ordinary acts."""

    def bring(state):
        order = draft
        for act in ROADS[state]:
            order = parties.do(act, order)
        return order

    return bring
