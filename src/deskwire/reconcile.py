"""The reconciling poller: ask the other desk what it has for me, in case its calls do not get through."""

import logging
from dataclasses import dataclass

from deskwire.client import DeskClient
from deskwire.intake import ReceiptState
from deskwire.problems import ProblemError
from deskwire.receiver import Receiver

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CaughtUp:
    """What one round brought: where to go on next time, what was new, what was refused."""

    cursor: str
    new: int
    refused: int
    more: bool


def catch_up(client: DeskClient, receiver: Receiver, peer: str, after: str, limit: int = 100) -> CaughtUp:
    """Pull one page behind a cursor and take its messages in; store the returned cursor afterwards.

    Messages are taken in one transaction each and are idempotent, so losing the cursor costs time and nothing
    else. A message that is refused is noted and passed over: its sender hears the reason when it sends it.
    Raises DeskError when the other desk cannot be asked.
    """
    page = client.pull(after, limit)
    new = refused = 0
    for document in page.messages:
        try:
            receipt = receiver.accept(document, peer)
        except ProblemError as problem:
            refused += 1
            log.warning("a pulled message was refused: %s", problem.code)
        else:
            new += receipt.state is not ReceiptState.DUPLICATE
    # A cursor that does not move would bring the same page for ever.
    return CaughtUp(page.next, new, refused, page.more and page.next != after)
