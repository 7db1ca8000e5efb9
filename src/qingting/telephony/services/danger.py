"""How grave a call is: it only rises, and whoever calls again from the same number goes to the front for a while."""

from datetime import datetime

from django.db import transaction

from qingting.core.actors import Actor
from qingting.core.errors import Invalid
from qingting.core.events import publish
from qingting.directory.states import Urgency
from qingting.duty.services import raise_priority
from qingting.telephony.events import DangerNoted
from qingting.telephony.models import Call
from qingting.telephony.selectors import call_for
from qingting.telephony.services.waking import wake_controller

LEVELS = {"": 0, "ROUTINE": 1, "URGENT": 2, "CRITICAL": 3}


@transaction.atomic
def note_danger(*, actor: Actor, call_id: int, level: str, at: datetime) -> Call:
    """The counsellor says how grave it is."""
    call = call_for(actor, call_id, to_act=True)
    if level not in Urgency.values:
        raise Invalid("请选择等级。", code="telephony.danger.level", do_next="可选：特急、紧急、一般。")
    raise_danger(call, level, actor=actor, at=at)
    return call


def raise_danger(call: Call, level: str, *, actor: Actor, at: datetime) -> None:
    """Whoever found it out: the call, its place in the line and its record follow where it is a rise."""
    before = Call.objects.select_for_update().values_list("danger_level", flat=True).get(pk=call.pk)
    if LEVELS[level] <= LEVELS[before]:
        return
    Call.objects.filter(pk=call.pk).update(danger_level=level)
    wake_controller("danger")
    raise_priority(subject=("call", call.pk), level=level, at=at)
    told = {"level": level, "level_label": str(Urgency(level).label)}
    publish(DangerNoted(**call.facts(), account_id=call.account_id or 0, **told), actor=actor, at=at)
