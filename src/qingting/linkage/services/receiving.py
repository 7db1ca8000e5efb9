"""The door for other desks: deskwire's receiver over our store, and a journal of what was refused at it."""

import json
import logging
from collections.abc import Mapping
from datetime import datetime
from functools import cache

from django.db import DatabaseError, transaction

from deskwire import VERSIONS
from deskwire.receiver import Receiver, Response
from qingting.core import time
from qingting.core.actors import system_for
from qingting.core.errors import TooMany
from qingting.core.events import publish
from qingting.core.rate_limits import check_rate
from qingting.core.scope import EVERYTHING, acting
from qingting.linkage import selectors
from qingting.linkage.events import MessageRefused
from qingting.linkage.models import Desk
from qingting.linkage.services.arriving import apply_message
from qingting.linkage.store import WireStore
from qingting.linkage.wire import DeskKeyring, identity

log = logging.getLogger(__name__)

REFUSALS_KEPT_A_MINUTE, STRANGERS_KEPT_A_MINUTE = 60, 10
"""More of one desk, or of everybody who proved nothing together, are answered, but not written down: nobody may flood
the journal, nor push a desk's own refusals out of it by using its name."""

_full: dict[str, int] = {}
"""Whose share of which minute this process knows to be used up: a flood is not counted in the database, one by one."""


@cache
def receiver() -> Receiver:
    """The receiving desk of this process."""
    return Receiver(WireStore(apply_message), DeskKeyring(), identity(), time.now, versions=VERSIONS)


def answer(*, method: str, target: str, headers: Mapping[str, str], body: bytes, at: datetime) -> Response:
    """Answer one request of another desk. A refusal changes nothing but the journal, which keeps code and places only."""
    response = receiver().receive(method, target, headers, body)
    if response.status >= 400:
        _write_down(response, at)
    return response


def _write_down(response: Response, at: datetime) -> None:
    """For the desk that was proven to call; a name that anybody can write proves nothing."""
    problem = json.loads(response.body)
    who, limit = response.caller or "strangers", REFUSALS_KEPT_A_MINUTE if response.caller else STRANGERS_KEPT_A_MINUTE
    minute = int(at.timestamp()) // 60
    if _full.get(who) == minute:
        return
    try:
        with acting(EVERYTHING), transaction.atomic():
            check_rate("desk-refusals", who, limit=limit, seconds=60, at=at)
            desk = Desk.objects.filter(code=response.caller).first() if response.caller else None
            publish(_refused(problem, desk), actor=system_for(desk.organisation_id if desk else 0, ""), at=at)
    except TooMany:
        _full[who] = minute
        return
    except DatabaseError as error:  # the answer is written and signed; it must not be lost with the note about it
        log.warning("a refusal was not written down: %s", type(error).__name__)
    log.warning("a desk's message was refused: %s (proven sender: %s)", problem["code"], bool(response.caller))


def _refused(problem: Mapping[str, object], desk: Desk | None) -> MessageRefused:
    faults = problem.get("errors")
    places = [f"{fault['path']} ({fault['schemaPath']})" for fault in faults] if isinstance(faults, list) else []
    return MessageRefused(
        organisation_id=desk.organisation_id if desk else 0,
        province=desk.province if desk else "",
        desk_id=desk.pk if desk else 0,
        partner=selectors.partner_name(desk) if desk else "未登记对接方",
        code=str(problem["code"]),
        status=int(str(problem["status"])),
        places="; ".join(places)[:500],
    )
