"""Telephoning the person an alert calls: the platform rings, says that there is an alert, and the key 1 acknowledges it.

The telephone room dials, repeats and says what came of it; where there is no telephone, that is what it says, and the other
channels go on.
"""

from dataclasses import replace
from datetime import datetime

from qingting.core.crypto import unseal
from qingting.core.errors import Invalid
from qingting.core.scope import EVERYTHING, acting
from qingting.reception.models import Call, Target
from qingting.reception.states import CallState
from qingting.telephony.selectors import number_for_machine
from qingting.telephony.services import Told, ask_announcement, stop_announcements
from qingting.telephony.states import AnnouncementOutcome, Notice

SEALED = "reception_target.address"
CALL, TEST = "alert_call", "alert_target"  # what an announcement of ours is about
HEARD = frozenset({AnnouncementOutcome.ACKNOWLEDGED, AnnouncementOutcome.HEARD})
SHORTEST = 7  # digits of a number that belongs to a person


def number_of(given: str) -> str:
    """A person's number as it is kept. Raises Invalid for what is none, or may not be dialled by a machine."""
    with acting(EVERYTHING):
        number = number_for_machine(given)
    if len(number) < SHORTEST:
        raise Invalid(
            "电话号码不对。",
            code="reception.target.number",
            do_next="手机填11位，固定电话请带区号；不能填报警、急救或热线号码。",
            fields={"address": "请检查号码。"},
        )
    return number


def ring_for(call: Call, target: Target, *, at: datetime) -> None:
    """Ring this person's telephone for an alert."""
    _ring(call, target, Told(Notice.ALERT, (CALL, call.pk)), at)


def ring_to_try(target: Target, *, at: datetime) -> None:
    """Ring one's own telephone, to see whether it does."""
    _ring(target, target, Told(Notice.TEST, (TEST, target.pk)), at)


def _ring(whose: Call | Target, target: Target, told: Told, at: datetime) -> None:
    number = unseal(bytes(target.sealed), field=SEALED)
    told = replace(told, number=number, account_id=target.account_id)
    ask_announcement(organisation_id=whose.organisation_id, province=whose.province, told=told, at=at)


def stop_ringing(call_ids: list[int], *, at: datetime) -> None:
    """Somebody is on it: the other telephones fall silent."""
    stop_announcements(subjects=[(CALL, call_id) for call_id in call_ids], at=at)


def state_after(outcome: str) -> CallState:
    """Whoever has heard the notice was reached, key or no key."""
    return CallState.SENT if outcome in HEARD else CallState.FAILED
