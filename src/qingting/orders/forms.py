"""From what a page sends to what a service takes."""

from django.http import QueryDict

from qingting.directory.models import Organisation
from qingting.directory.states import OrganisationKind
from qingting.orders import selectors
from qingting.orders.services import NewOrder

Group = tuple[str, list[Organisation]]


def words_from(data: QueryDict, name: str, most: int = 4000) -> str:
    """One field, trimmed and cut."""
    return data.get(name, "").strip()[:most]


def number_from(data: QueryDict, name: str, otherwise: int) -> int:
    """A whole number; `otherwise` for anything odd."""
    text = data.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else otherwise


def new_order_from(data: QueryDict) -> NewOrder:
    """What the panel sends."""
    return NewOrder(
        kind=words_from(data, "kind", 20),
        urgency=words_from(data, "urgency", 10),
        division=words_from(data, "division", 6),
        instructions=words_from(data, "instructions"),
    )


def handler_groups(division: str, province: str) -> list[Group]:
    """Who may lead: the proposals for the place first, then every other organisation of the province by city."""
    proposed = selectors.handler_proposals(division, province)
    known = {organisation.pk for organisation in proposed}
    groups: list[Group] = [("按所在地推荐", proposed)] if proposed else []
    others: list[Group] = []
    for organisation in selectors.all_handlers(province):
        if organisation.kind != OrganisationKind.COUNTY or not others:
            others.append((organisation.short_name, []))
        if organisation.pk not in known:
            others[-1][1].append(organisation)
    return [*groups, *((name, members) for name, members in others if members)]
