"""What the worker does for the telephone, a step at a time."""

from datetime import datetime

from qingting.telephony import services


def send_text_links(*, at: datetime) -> int:
    """Links to the written talk, for callers who can't speak."""
    return services.send_text_links(at=at)


def delete_old_recordings(*, at: datetime) -> int:
    """What was kept long enough goes."""
    return services.delete_due(at=at)


def end_announcements(*, at: datetime) -> int:
    """Announcements whose time is over, or for which there is no telephone, say so."""
    return services.end_announcements_due(at=at)
