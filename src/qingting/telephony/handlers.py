"""What other rooms' events mean to the telephone."""

from datetime import datetime

from qingting.duty import services as duty
from qingting.duty.events import OfferEnded, OfferMade, PresenceChanged
from qingting.duty.states import PresenceState
from qingting.telephony.selectors import seat_telephone
from qingting.telephony.services.waking import wake_controller


def ring_or_stop(event: OfferMade | OfferEnded, *, at: datetime) -> None:
    """A call is on offer to a seat, or no longer: the controller rings, or lets off."""
    if event.subject_kind == "call":
        wake_controller("offer")


def say_reachable(event: PresenceChanged, *, at: datetime) -> None:
    """Somebody sat down whose telephone may have been signed in before."""
    if event.state != PresenceState.OFFLINE:
        reachable = seat_telephone(event.account_id) is not None
        duty.set_reachable(account_id=event.account_id, reachable=reachable, at=at)
