"""What the worker does for chat, a step at a time."""

from datetime import datetime

from qingting.chat import services


def second_opinion_step(*, at: datetime) -> int:
    """Ask the large model of one's own about new words, where one is set up."""
    return services.give_second_opinions(at=at)
