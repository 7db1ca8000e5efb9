"""Pure rules of chat: what a message may be, and how danger only rises."""

from qingting.chat.states import LEVEL_ORDER

LONGEST_MESSAGE = 4000


def clean(text: str) -> str:
    """A message as it is stored: line ends unified, control characters gone, outer blank space cut."""
    kept = (c for c in text.replace("\r\n", "\n").replace("\r", "\n") if c in "\n\t" or ord(c) >= 32)
    return "".join(kept).strip()


def higher(one: str, other: str) -> str:
    """The graver of two danger levels ('' is none). A level never falls by a machine."""
    return one if LEVEL_ORDER[one] >= LEVEL_ORDER[other] else other


def is_rise(before: str, after: str) -> bool:
    """Whether `after` is graver than `before`."""
    return LEVEL_ORDER[after] > LEVEL_ORDER[before]
