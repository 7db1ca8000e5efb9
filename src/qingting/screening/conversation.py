"""Screening of a conversation: each message, a window of the last few, and the whole; the level only rises."""

from collections.abc import Sequence

from .engine import screen
from .signs import Screening, worst

WINDOW = 4  # messages read together, so that a sentence sent in pieces is still one sentence


def screen_conversation(texts: Sequence[str], previous_level: str | None = None) -> Screening:
    """Screen messages in order. Offsets in each sign are into `"\\n".join(texts)`.

    `previous_level` is the level already reached; the answer's level is never below it.
    """
    result = screen("\n".join(texts))
    return Screening(result.signs, worst(previous_level, result.level), result.score)
