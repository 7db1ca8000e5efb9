"""Pure rules of chat: what a message may be, and how danger only rises."""

from qingting.chat.states import LEVEL_ORDER

LONGEST_MESSAGE = 4000
READ_TOGETHER = 60  # messages of both sides that screening looks back over
READ_CHARACTERS = 4000  # of the seeker's, so that a long talk costs no more than a short one
SHORTEST_REASON = 4  # characters of a reason for taking a danger level down


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


def gravity(level: str) -> int:
    """Rank of a danger level; '' and 'NONE' are 0."""
    return LEVEL_ORDER.get(level, 0)


def fitting(lengths: list[int], most: int = READ_CHARACTERS) -> int:
    """How many texts, newest first, fit into `most` characters; the newest always does."""
    total, count = 0, 0
    for length in lengths:
        total += length
        if count and total > most:
            break
        count += 1
    return count
