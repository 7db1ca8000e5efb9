"""What the worker does for the door, a step at a time."""

from datetime import datetime

from qingting.reception import services


def attend(*, at: datetime) -> int:
    """Conversations that have waited long enough get the machine."""
    return services.attend_waiting(at=at)


def word(*, at: datetime) -> int:
    """Questions that wait for the model."""
    return services.word_turns(at=at)


def call(*, at: datetime) -> int:
    """Alerts on their way to phones."""
    return services.send_calls(at=at)
