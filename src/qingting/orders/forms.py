"""From what a page sends to what a service takes."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import date, datetime, time
from typing import Any

from django.http import QueryDict

from qingting.cases.selectors import category_names
from qingting.core.actors import Actor
from qingting.core.time import BEIJING
from qingting.directory import selectors as directory
from qingting.directory.models import Division, Organisation
from qingting.directory.states import OrganisationKind, Urgency
from qingting.orders import selectors
from qingting.orders.models import CatalogueLine, WorkOrder
from qingting.orders.selectors import OrderQuery
from qingting.orders.services import NewBulk, NewLine, NewOrder, Part
from qingting.orders.states import ORIGIN, REVIEWER_MAY_KEEP, Move, OrderKind, OrderState

Group = tuple[str, list[Organisation]]


def words_from(data: QueryDict, name: str, most: int = 4000) -> str:
    """One field, trimmed and cut."""
    return data.get(name, "").strip()[:most]


def number_from(data: QueryDict, name: str, otherwise: int) -> int:
    """A whole number; `otherwise` for anything odd."""
    text = data.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else otherwise


def query_from(data: QueryDict) -> OrderQuery:
    """What the search page sends; a code that is none narrows nothing."""
    known = {"kind": OrderKind.values, "urgency": Urgency.values, "state": OrderState.values}
    asked = {field.name: words_from(data, field.name, 60) for field in fields(OrderQuery)}
    return OrderQuery(
        **{name: "" if name in known and value not in known[name] else value for name, value in asked.items()}
    )


def category_groups() -> list[tuple[str, str, list[tuple[str, str]]]]:
    """First-level categories, each with its second-level ones: (code, name, [(code, name)])."""
    groups: dict[str, tuple[str, str, list[tuple[str, str]]]] = {}
    for category in directory.categories():
        if category.parent_id is None:
            groups.setdefault(category.pk, (category.pk, category.name, []))
    for category in directory.categories():
        if category.parent_id in groups:
            groups[category.parent_id][2].append((category.pk, category.name))
    return list(groups.values())


def place_groups(actor: Actor) -> list[tuple[str, str]]:
    """The province and its cities; counties are found by choosing their city."""
    province = [
        (division.pk, division.name) for division in directory.divisions_below(None) if division.pk == actor.province
    ]
    return [*province, *((division.pk, division.name) for division in directory.divisions_below(actor.province))]


def all_places(actor: Actor) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """The province's cities, each with its counties: (code, name, [(code, name)])."""
    cities = list(directory.divisions_below(actor.province))
    counties = Division.objects.filter(parent_id__in=[city.pk for city in cities])
    below: dict[str, list[tuple[str, str]]] = {}
    for county in counties:
        below.setdefault(str(county.parent_id), []).append((county.pk, county.name))
    return [(city.pk, city.name, below.get(city.pk, [])) for city in cities]


def code_names(lines: Iterable[CatalogueLine]) -> dict[str, str]:
    """Names of the categories and places that lines of a catalogue name."""
    lines = list(lines)
    names = dict(Division.objects.filter(pk__in={line.division for line in lines}).values_list("pk", "name"))
    return names | category_names({line.category for line in lines})


def line_from(data: QueryDict) -> NewLine:
    """What the catalogue's page sends."""
    codes = {name: words_from(data, name, 40) for name in ("rule", "category", "division", "kind", "urgency")}
    minutes = {name: number_from(data, name, 0) or None for name in ("accept_minutes", "work_minutes")}
    return NewLine(
        **codes,
        accept_minutes=minutes["accept_minutes"],
        work_minutes=minutes["work_minutes"],
        handler_organisation_id=number_from(data, "handler", 0) or None,
        working_time=data.get("working_time") == "on",
    )


def bulk_from(data: QueryDict) -> NewBulk:
    """What the page of ticked orders sends."""
    return NewBulk(
        act=words_from(data, "act", 20),
        words=words_from(data, "words"),
        handler_organisation_id=number_from(data, "handler", 0) or None,
        account_id=number_from(data, "account", 0) or None,
        target_number=words_from(data, "target", 28).upper(),
    )


def day_from(text: str) -> datetime | None:
    """The first moment of an ISO day in China; None for anything odd."""
    try:
        return datetime.combine(date.fromisoformat(text), time(0), BEIJING)
    except ValueError:
        return None


def new_order_from(data: QueryDict) -> NewOrder:
    """What the panel sends."""
    return NewOrder(
        kind=words_from(data, "kind", 20),
        urgency=words_from(data, "urgency", 10),
        division=words_from(data, "division", 6),
        instructions=words_from(data, "instructions"),
    )


def given_for(move: Move, data: QueryDict) -> dict[str, Any]:
    """What the form of an act sends, as its service takes it."""
    given: dict[str, Any] = {"words": words_from(data, "words")}
    if "handler" in move.form:
        given["handler_organisation_id"] = number_from(data, "handler", 0)
    if {"organisation", "co_handler"} & set(move.form):
        given["organisation_id"] = number_from(data, "organisation", 0)
    if "account" in move.form:
        given["account_id"] = number_from(data, "account", 0)
    for name in {"hours", "days"} & set(move.form):
        given[name] = number_from(data, name, 0)
    if "target" in move.form:
        given["target_number"] = words_from(data, "target", 40)
    if "instructions" in move.form:
        given["part"] = Part(words_from(data, "kind", 20), words_from(data, "instructions"))
    return given


def groups_below(actor: Actor, order: WorkOrder) -> list[Group]:
    """Where the actor may send an order that is out: anywhere in the province, or, for who did not draft it, below; what came
    back, to oneself, too."""
    groups = handler_groups(order.division, order.province)
    if ORIGIN in selectors.roles_in(actor, order):
        return groups
    reach = actor.scope.organisations
    if order.state not in REVIEWER_MAY_KEEP:
        reach = reach - {actor.organisation_id}
    kept = ((name, [house for house in houses if house.pk in reach]) for name, houses in groups)
    return [(name, houses) for name, houses in kept if houses]


def handler_groups(division: str, province: str, first: Organisation | None = None) -> list[Group]:
    """Who may lead: what the catalogue says first, then the proposals for the place, then all of the province by city."""
    catalogued = [first] if first is not None else []
    proposed = [house for house in selectors.handler_proposals(division, province) if house not in catalogued]
    known = {organisation.pk for organisation in (*catalogued, *proposed)}
    groups: list[Group] = [("按派单目录", catalogued)] if catalogued else []
    groups += [("按所在地推荐", proposed)] if proposed else []
    others: list[Group] = []
    for organisation in selectors.all_handlers(province):
        if organisation.kind != OrganisationKind.COUNTY or not others:
            others.append((organisation.short_name, []))
        if organisation.pk not in known:
            others[-1][1].append(organisation)
    return [*groups, *((name, members) for name, members in others if members)]
