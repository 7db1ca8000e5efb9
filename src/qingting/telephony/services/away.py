"""Calls that came in while no controller was there: Asterisk's own plan kept them, and the record follows."""

from datetime import datetime

from django.db import transaction

from qingting.telephony.models import Call
from qingting.telephony.services.callbacks import plan_callback
from qingting.telephony.services.calls import Arrival, begin_call, end_call
from qingting.telephony.services.recordings import Sound, keep_recording
from qingting.telephony.states import Outcome, TaskReason


@transaction.atomic
def keep_of_away(*, arrival: Arrival, sound: Sound | None, began: datetime, at: datetime) -> Call:
    """Write the call down behind, with the message if one was left; whoever said nothing is called back all the same.

    Once only, by the channel: it may be a call that a controller knew before it was killed.
    """
    known = Call.objects.filter(channel=arrival.channel, asterisk=arrival.asterisk).order_by("-started_at").first()
    call = known or begin_call(arrival=arrival, at=began)
    if sound is not None:
        keep_recording(call_id=call.pk, sound=sound, at=at)
    end_call(call_id=call.pk, outcome=Outcome.MESSAGE_LEFT if sound else Outcome.ABANDONED, at=at)
    if sound is not None and known is not None:
        plan_callback(call=call, reason=TaskReason.MESSAGE, at=at)
    return call
