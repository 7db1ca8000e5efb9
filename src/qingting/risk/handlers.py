"""What other rooms' events mean to the crisis. One service call each."""

from datetime import datetime

from qingting.risk import services
from qingting.telephony.events import DangerNoted


def watch_call(event: DangerNoted, *, at: datetime) -> None:
    """Danger in a call: the clock to the intervention runs."""
    services.watch_call(call_id=event.call_id, level=event.level, at=at)
