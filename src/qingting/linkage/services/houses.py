"""What another 12355 installation is told of a person in danger, and on which ground."""

from datetime import datetime
from typing import Any

from qingting.cases.models import Case
from qingting.core.actors import Actor
from qingting.linkage import known
from qingting.linkage.disclosure import Wish
from qingting.linkage.rules import GROUNDS


def house_body(
    actor: Actor, case: Case, wish: Wish, *, at: datetime, urgency: str, look: known.Look = "send"
) -> dict[str, Any]:
    """The facts its people need to find the person, as the body of a handoff. look: as `known.facts_of`; a number that is opened
    to go along is opened with its reason. The case was read in sight."""
    return known.body_for_house(actor, case, wish, at=at, urgency=urgency, look=look)


def record_house_ground(actor: Actor, case: Case, *, purpose: str, at: datetime) -> None:
    """Note on which ground the person's data were told."""
    known.record_ground(actor, case, GROUNDS["CRISIS"], at=at, purpose=purpose)
