"""What the line offers: each waiting call hears which seat is to ring, or that none is any more."""

import time as clock
from collections.abc import Mapping

from qingting.telephony.ari.live import LiveCall, Offered
from qingting.telephony.selectors import Ringing


class Offers:
    """As far as we know. The record of a call that comes in says at once to whom it is on offer; everything else is seen by
    a look at the whole line, which may have begun before that record was written."""

    def __init__(self, calls: Mapping[int, LiveCall]) -> None:
        self._calls = calls
        self._now: dict[int, Ringing] = {}
        self._told_at: dict[int, float] = {}

    def told(self, offer: Ringing | None) -> None:
        """By the record itself. A look that was faster knows more."""
        if offer is None or offer.call_id in self._now:
            return
        self._told_at[offer.call_id] = clock.monotonic()
        self._now[offer.call_id] = offer
        self._tell(offer.call_id, offer)

    def looked(self, offers: list[Ringing], *, began: float) -> None:
        """Everything that is on offer, by a look that began at this moment of the monotonic clock."""
        now = {offer.call_id: offer for offer in offers if offer.call_id in self._calls}
        newer = {call_id for call_id, moment in self._told_at.items() if moment >= began}
        for call_id in {*now, *self._now} - newer:
            if now.get(call_id) != self._now.get(call_id):
                self._tell(call_id, now.get(call_id))
        kept = {call_id: offer for call_id, offer in self._now.items() if call_id in newer and call_id in self._calls}
        self._now = {**now, **kept}
        self._told_at = {call_id: moment for call_id, moment in self._told_at.items() if call_id in kept}

    def _tell(self, call_id: int, offer: Ringing | None) -> None:
        live = self._calls.get(call_id)
        if live is not None:
            live.inbox.put_nowait(Offered(offer))
