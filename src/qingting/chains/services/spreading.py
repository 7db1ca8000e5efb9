"""From one party's file to the others': in this house directly, to another house over the wire, each only what it may read."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from deskwire.moments import to_wire
from qingting.chains import rules, selectors
from qingting.chains.models import Chain, ChainEntry
from qingting.chains.services.entries import Entry, entry_of
from qingting.chains.services.recording import write_down
from qingting.chains.states import NATION, READS_PERSON, Role, Stage
from qingting.core.errors import DomainError
from qingting.directory.models import Organisation
from qingting.linkage.models import Desk
from qingting.linkage.selectors import desk_serving
from qingting.linkage.services import hold_matter, share


def hold(chain: Chain) -> None:
    """Hold a chain alone until the transaction ends: nobody in this house writes, and nothing arrives from another."""
    hold_matter(chain.chain_id)


def spread(chain: Chain, entry: Entry, *, at: datetime) -> None:
    """Tell whoever hears it from the owner of this file; a centre that has just been asked hears the whole story first."""
    readers = rules.readers_of(chain.role, entry.author, centre_asked=bool(chain.centre_region))
    if chain.role == Role.NATIONAL and entry.act == "ASK_CENTRE":
        for earlier in _story_before(chain, entry):
            _tell(chain, earlier, (Role.CENTRE,), at)
    _tell(chain, entry, readers, at)


def _story_before(chain: Chain, entry: Entry) -> list[Entry]:
    rows = ChainEntry.objects.filter(chain=chain).order_by("received_at", "pk")
    return [entry_of(row) for row in rows if (row.author, row.number) != (entry.author, entry.number)]


def _tell(chain: Chain, entry: Entry, readers: Sequence[Role], at: datetime) -> None:
    away: dict[int, list[Role]] = defaultdict(list)
    desks: dict[int, Desk] = {}
    for role in readers:
        region = selectors.region_of(chain, role)
        desk = desk_serving(region)
        if desk is not None:
            desks[desk.pk] = desk
            away[desk.pk].append(role)
            continue
        tell_here(header_of(chain), role, entry, at=at)
    for desk_id, roles in away.items():
        share(desks[desk_id], chain.chain_id, _body(chain, entry, roles), drill=chain.drill, at=at)


def header_of(chain: Chain) -> dict[str, Any]:
    """What every file of a chain has in common."""
    return {
        "chain_id": chain.chain_id,
        "number": chain.number,
        "urgency": chain.urgency,
        "origin_region": chain.origin_region,
        "destination_region": chain.destination_region,
        "centre_region": chain.centre_region,
        "opened_at": chain.opened_at,
        "drill": chain.drill,
    }


def tell_here(header: dict[str, Any], role: Role, entry: Entry, *, at: datetime) -> None:
    """Write an entry into the file of a party of this house, opening it with the first; and pass it on where that party does."""
    chain = file_of(header, role, at=at)
    if write_down(chain, entry, at=at):
        spread(chain, entry.for_reader(role), at=at)


def file_of(header: dict[str, Any], role: Role, *, at: datetime) -> Chain:
    """A party's file in this house; opened where there is none. DomainError where the party has no organisation here."""
    known = Chain.objects.filter(chain_id=header["chain_id"], role=role).first()
    if known is not None:  # the origin's lies with the station that raised it, which need not be its province's own
        return known
    house = party_here(header, role)
    chain = Chain(
        organisation_id=house.pk,
        province=house.province,
        role=role,
        stage=Stage.SUPERVISION,
        heard_at=at,
        **header,
    )
    chain.save(force_insert=True)
    return chain


def party_here(header: dict[str, Any], role: Role) -> Organisation:
    """The organisation of this house that is a party; DomainError where there is none."""
    regions = {
        Role.ORIGIN: header["origin_region"],
        Role.DESTINATION: header["destination_region"],
        Role.NATIONAL: NATION,
        Role.CENTRE: header["centre_region"],
    }
    house = selectors.organisation_of(role, regions[role])
    if house is None:
        raise DomainError(
            f"还没有登记{selectors.region_name(regions[role])}的12355平台。",
            code="chains.party-unknown",
            do_next="请先电话联系对方，并请管理员在“链路运行”里登记对方平台。",
        )
    return house


def _body(chain: Chain, entry: Entry, roles: Sequence[Role]) -> dict[str, Any]:
    """The message to one house: what its parties together may read; the house gives each only its own part."""
    parties = {"origin": chain.origin_region, "destination": chain.destination_region}
    if chain.centre_region:
        parties["centre"] = chain.centre_region
    reader = next((role for role in roles if role in READS_PERSON), roles[0])
    told = entry.for_reader(reader)
    body: dict[str, Any] = {
        "chainId": str(chain.chain_id),
        "number": chain.number,
        "urgency": chain.urgency,
        "openedAt": to_wire(chain.opened_at),
        "parties": parties,
        "to": [str(role) for role in roles],
        "entry": told.to_wire(),
    }
    return body | ({"facts": dict(told.facts)} if told.facts else {})


def header_from(body: dict[str, Any], opened_at: datetime, *, drill: bool) -> dict[str, Any]:
    """The same as another house tells it; drill: as its message says."""
    parties = body["parties"]
    return {
        "chain_id": UUID(body["chainId"]),
        "number": body["number"],
        "urgency": body["urgency"],
        "origin_region": parties["origin"],
        "destination_region": parties["destination"],
        "centre_region": parties.get("centre", ""),
        "opened_at": opened_at,
        "drill": drill,
    }
