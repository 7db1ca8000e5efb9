"""What the worker does here."""

from datetime import datetime

from qingting.sites.exchange.services import forget_old_receipts


def tidy_receipts(*, at: datetime) -> int:
    """Old receipts go."""
    return forget_old_receipts(at=at)
