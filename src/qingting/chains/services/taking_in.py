"""What another house tells us of a chain: whether it may say so, and into whose files it goes. Runs inside the transaction that
stores the message; a refusal leaves nothing behind and is answered as the protocol says."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from deskwire.moments import from_wire
from deskwire.problems import ProblemError
from qingting.chains.models import Chain
from qingting.chains.services.entries import Entry, MisplacedError, from_body
from qingting.chains.services.spreading import header_from, tell_here
from qingting.chains.states import NATION, TELLS, Role
from qingting.core.errors import DomainError
from qingting.core.scope import EVERYTHING, acting
from qingting.linkage.models import Desk
from qingting.linkage.services import hold_matter

AHEAD = timedelta(minutes=5)
"""How far another house's clock may run before ours, as for signatures."""


def take_in(body: Mapping[str, Any], desk: Desk, at: datetime, *, drill: bool) -> None:
    """Write down an entry of another house; drill: of an exercise. Raises ProblemError: `not-party`, `id-conflict`, `seq-conflict`, `out-of-state`,
    `clock-skew`."""
    header = header_from(dict(body), from_wire(body["openedAt"]), drill=drill)
    with acting(EVERYTHING):
        hold_matter(header["chain_id"])  # held already where it came over the wire: the matter first, then the link
        try:
            _refuse_foreign(body, desk)
            entry = from_body(body)
            _refuse_facts_in_exercise(entry, drill=drill)
            _refuse_other_story(header, body["to"])
            if entry.at > at + AHEAD:
                raise MisplacedError("clock-skew")
            for role in body["to"]:
                tell_here(header, Role(role), entry, at=at)
        except MisplacedError as error:
            raise ProblemError(error.code, error.why) from error
        except DomainError as error:
            raise ProblemError("not-party", "no such party in this house") from error


def _refuse_foreign(body: Mapping[str, Any], desk: Desk) -> None:
    """A house speaks for the parties it was registered with. The national desk's also passes on: a centre's words to the
    provinces, and the whole story to a centre."""
    parties, author = body["parties"], Role(body["entry"]["author"])
    region = {
        Role.ORIGIN: parties["origin"],
        Role.DESTINATION: parties["destination"],
        Role.NATIONAL: NATION,
        Role.CENTRE: parties.get("centre", ""),
    }[author]
    readers = [Role(role) for role in body["to"]]
    passes_on = NATION in desk.regions and (author == Role.CENTRE or readers == [Role.CENTRE])
    if region not in desk.regions and not passes_on:
        raise MisplacedError("not-party", "this desk does not speak for the author")
    heard = {reader for (_, wrote), told in TELLS.items() if wrote == author for reader in told}
    if not set(readers) <= heard:
        raise MisplacedError("not-party", "not for this party")
    if parties["origin"] == parties["destination"]:
        raise MisplacedError("out-of-state", "a chain crosses a border")


def _refuse_facts_in_exercise(entry: Entry, *, drill: bool) -> None:
    """The schema refuses it already; what tells of a person is looked at twice."""
    if drill and entry.facts:
        raise MisplacedError("out-of-state", "an exercise tells nothing of a person")


def _refuse_other_story(header: Mapping[str, Any], roles: list[str]) -> None:
    """A chain that is known keeps its number and its parties, and stays an exercise or real; a centre may join later."""
    if Chain.objects.filter(chain_id=header["chain_id"]).exclude(drill=header["drill"]).exists():
        raise MisplacedError("id-conflict", "an exercise stays one, and so does a real case")
    for known in Chain.objects.filter(chain_id=header["chain_id"], role__in=roles):
        same = all(getattr(known, name) == header[name] for name in ("number", "origin_region", "destination_region"))
        if not same:
            raise MisplacedError("id-conflict", "this chain has other parties")
