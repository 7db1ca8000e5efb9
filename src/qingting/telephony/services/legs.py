"""Who is in a call: the seat, a colleague, a leader, the 110; how they may speak, from when to when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from qingting.core.actors import system_for
from qingting.core.events import publish
from qingting.telephony.events import CallEvent, LeaderListened, LegChanged, LegJoined, LegLeft
from qingting.telephony.models import Call, Leg
from qingting.telephony.states import LegKind, LegMode

_OF_LEADERS = {LegMode.LISTEN: "监听", LegMode.WHISPER: "耳语", LegMode.SPEAK: "强插"}


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody with a channel of their own in a call; account_id where it is one of the staff."""

    kind: str
    channel: str
    account_id: int | None = None
    mode: str = LegMode.SPEAK


def add_leg(call: Call, party: Party, *, at: datetime) -> Leg:
    """Write down that somebody is in the call from now on."""
    leg = leg_of(call, party, at=at)
    leg.save(force_insert=True)
    return leg


def leg_of(call: Call, party: Party, *, at: datetime) -> Leg:
    """The row that says so, not stored yet."""
    return Leg(
        organisation_id=call.organisation_id,
        province=call.province,
        call=call,
        kind=party.kind,
        mode=party.mode,
        account_id=party.account_id,
        channel=party.channel,
        joined_at=at,
    )


@transaction.atomic
def join_leg(*, call_id: int, party: Party, at: datetime) -> None:
    """Somebody further joined; a leader who listens is journalled by that name."""
    call = Call.objects.get(pk=call_id)
    leg = add_leg(call, party, at=at)
    _tell(leg, LegJoined, at, **_told_of(leg))
    if leg.kind == LegKind.LEADER:
        _tell_of_leader(leg, at)


@transaction.atomic
def change_leg(*, call_id: int, channel: str, mode: str, at: datetime) -> None:
    """Somebody may now speak, or only listen."""
    leg = _present(call_id, channel)
    if leg is None or leg.mode == mode:
        return
    leg.mode = mode
    Leg.objects.filter(pk=leg.pk).update(mode=mode)
    _tell(leg, LegChanged, at, **_told_of(leg))
    if leg.kind == LegKind.LEADER:
        _tell_of_leader(leg, at)


@transaction.atomic
def end_leg(*, call_id: int, channel: str, at: datetime) -> None:
    """Somebody left the call, which goes on."""
    leg = _present(call_id, channel)
    if leg is not None:
        Leg.objects.filter(pk=leg.pk).update(left_at=at)
        told = _told_of(leg)
        _tell(leg, LegLeft, at, **{name: told[name] for name in ("leg_id", "kind", "kind_label", "account_id")})


def _present(call_id: int, channel: str) -> Leg | None:
    here = Leg.objects.select_related("call").filter(call_id=call_id, channel=channel, left_at=None)
    return here.first()


def _told_of(leg: Leg) -> dict[str, Any]:
    return {
        "leg_id": leg.id,
        "kind": leg.kind,
        "kind_label": str(LegKind(leg.kind).label),
        "mode": leg.mode,
        "mode_label": str(LegMode(leg.mode).label),
        "account_id": leg.account_id or 0,
    }


def _tell_of_leader(leg: Leg, at: datetime) -> None:
    mode = LegMode(leg.mode)
    _tell(leg, LeaderListened, at, account_id=leg.account_id or 0, mode=mode, mode_label=_OF_LEADERS[mode])


def _tell(leg: Leg, event: type[CallEvent], at: datetime, **words: Any) -> None:
    call = leg.call
    publish(event(**call.facts(), **words), actor=system_for(call.organisation_id, call.province), at=at)
