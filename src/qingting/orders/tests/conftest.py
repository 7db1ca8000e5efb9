"""An order at Tianhe, and the three parties to it: who drafted, who handles, who reviews."""

import dataclasses
from collections.abc import Callable

import pytest
from django.db import transaction

from qingting.cases.tests.conftest import case, clock_rules, contact, new_case  # noqa: F401
from qingting.core.actors import SYSTEM, Actor
from qingting.core.scope import EVERYTHING, Scope, acting
from qingting.directory import selectors as directory
from qingting.directory.models import Division
from qingting.directory.states import OrganisationKind
from qingting.orders import services
from qingting.orders.models import WorkOrder
from qingting.orders.services import NewOrder, Part
from qingting.orders.services.engine import begin, settle, take
from qingting.orders.states import MOVES
from qingting.staff.actors import reach

NEW = NewOrder("CRISIS", "CRITICAL", "440106", "请立即上门了解情况，陪伴并评估安全。")
# How an order comes into each state: acts, one after another.
ROADS = {
    "DRAFTED": (),
    "DISPATCHED": ("dispatch",),
    "OBJECTED": ("dispatch", "object"),
    "RETURNED": ("dispatch", "return"),
    "IN_PROGRESS": ("dispatch", "accept"),
    "GIVEN_BACK": ("dispatch", "accept", "give_back"),
    "PAUSED": ("dispatch", "accept", "progress", "ask_pause", "grant_pause"),
    "SUBMITTED": ("dispatch", "accept", "submit"),
    "FINISHED": ("dispatch", "accept", "submit", "approve"),
    "SIGNED_OFF": ("dispatch", "accept", "submit", "approve", "sign_off"),
    "CANCELLED": ("cancel",),
    "MERGED": ("merge",),
}
# What must have been done before an act, besides the state.
BEFORE = {
    "grant_extension": ("ask_extension",),
    "decline_extension": ("ask_extension",),
    "ask_pause": ("progress",),
    "grant_pause": ("progress", "ask_pause"),
    "decline_pause": ("progress", "ask_pause"),
    "remove_co_handler": ("add_co_handler",),
    "co_done": ("add_co_handler",),
    "lift_supervision": ("supervise",),
}
SERVICES = {"return": "return_order", "progress": "record_progress", "object": "object_to"}
WORDS = "已上门，情况平稳"


class Parties:
    """Who acts for whom: origin (station), handler (Tianhe), reviewer (Guangzhou), co_handler (Shenzhen), above (province)."""

    def __init__(self, tree, origin, at):
        self.tree, self.at = tree, at
        self.origin = origin
        self.handler = tree.person("ORDER_HANDLER", tree.county, "何敏")
        self.reviewer = tree.person("REVIEWER", tree.city, "林颖")
        self.co_handler = tree.person("ORDER_HANDLER", tree.other_city, "高洁")
        self.above = tree.person("REVIEWER", tree.province, "省审")
        self.system = SYSTEM

    def whose(self, act: str, by: str = "") -> Actor:
        """Somebody of the party whose act it is, with the right to it."""
        move = MOVES[act]
        who: Actor = getattr(self, by or move.by[0])
        return dataclasses.replace(who, permissions=who.permissions | {move.permission})

    def do(self, act: str, order: WorkOrder, actor: Actor | None = None, words: str = WORDS) -> WorkOrder:
        """Do an act as whoever's act it is, or as `actor`."""
        if act == "sign_off":
            with acting(EVERYTHING), transaction.atomic():
                settle(take(begin(SYSTEM, order.pk, "sign_off", self.at), ""))
            return self.again(order)
        who = actor or self.whose(act)
        service: Callable[..., WorkOrder] = getattr(services, SERVICES.get(act, act))
        with acting(who.scope):
            service(actor=who, order_id=order.pk, at=self.at, words=words, **self._given(act, who, order))
        return self.again(order)

    def _given(self, act: str, who: Actor, order: WorkOrder) -> dict[str, object]:
        given: dict[str, object] = {}
        for field in MOVES[act].form:
            given |= {
                "handler": {"handler_organisation_id": self._goal(act, who)},
                "organisation": {"organisation_id": self.tree.other_city.id},
                "co_handler": {"organisation_id": self.tree.other_city.id},
                "account": {"account_id": self.handler.account_id},
                "hours": {"hours": 24},
                "days": {"days": 7},
                "target": {"target_number": self._twin(order) if field == "target" else ""},
                "kind": {},
                "instructions": {"part": Part("LEGAL", "请律师看一下抚养费的事")},
            }[field]
        return given

    def _twin(self, order: WorkOrder) -> str:
        """The number of another order of the same case."""
        with acting(self.origin.scope):
            twin = services.draft_order(actor=self.origin, case_id=order.case_id, new=NEW, at=self.at)
        return twin.number

    def _goal(self, act: str, who: Actor) -> int:
        if act == "dispatch":
            return int(self.tree.county.id)
        if act == "sub_order":
            return int(self.tree.other_city.id)
        below = {self.tree.county.id: self.tree.county_home.id}
        return int(below.get(who.organisation_id, self.tree.other_county.id))

    def again(self, order: WorkOrder) -> WorkOrder:
        """The order as it is stored."""
        with acting(EVERYTHING), transaction.atomic():
            return WorkOrder.objects.select_related("case").get(pk=order.pk)


@pytest.fixture
def parties(tree, agent_here, at):
    Division.objects.create(code="440104", name="越秀区", level="COUNTY", parent_id="440100")
    tree.other_county = tree._add(OrganisationKind.COUNTY, "越秀团区委", "440000", "440104", tree.city)
    tree.county_home = tree._add(OrganisationKind.SERVICE_CENTRE, "天河青少年服务中心", "440000", "440106", tree.county)
    for house in (tree.other_county, tree.county_home):
        house.save(force_insert=True)
    found = Parties(tree, agent_here, at)
    # Whoever stands in the tree above newer organisations sees them, too.
    for name in ("handler", "reviewer", "above"):
        who = getattr(found, name)
        house = directory.organisation(who.organisation_id)
        setattr(found, name, dataclasses.replace(who, scope=Scope(reach(house))))
    return found


@pytest.fixture
def draft(parties, case, at):  # noqa: F811
    with acting(parties.origin.scope):
        return services.draft_order(actor=parties.origin, case_id=case.id, new=NEW, at=at)


@pytest.fixture
def order_in(parties, draft):
    """Bring the order into a state by the ordinary acts; with `before`, also to where that act makes sense."""

    def bring(state, before=""):
        order = draft
        for act in (*ROADS[state], *BEFORE.get(before, ())):
            order = parties.do(act, order)
        return order

    return bring
