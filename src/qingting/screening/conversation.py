"""Screening of a conversation: each message, a window of the last few read as one, and the whole; the level only rises."""

from collections.abc import Sequence
from dataclasses import replace

from .engine import MOST_SIGNS, screen
from .signs import DangerSign, Screening, rank, worst

WINDOW = 4  # messages read together, so that a sentence sent in pieces is still one sentence
JOINT = "，"  # what stands between messages of a window when they are read as one


def _moved(sign: DangerSign, joined: str, starts: Sequence[int], offsets: Sequence[int], whole: str) -> DangerSign:
    """A sign found in `joined` with its offsets in `whole`."""
    first = max(at for at, start in enumerate(starts) if start <= sign.start)
    last = max(at for at, start in enumerate(starts) if start < sign.end)
    start, end = offsets[first] + sign.start - starts[first], offsets[last] + sign.end - starts[last]
    start, end = min(start, len(whole)), min(end, len(whole))
    return replace(sign, start=start, end=max(start, end), words=whole[start : max(start, end)])


def _window(texts: Sequence[str], first: int, last: int, offsets: Sequence[int], whole: str) -> Screening:
    """Messages first..last-1 read as one, signs placed in the whole."""
    part = texts[first:last]
    starts = [sum(map(len, part[:at])) + at * len(JOINT) for at in range(len(part))]
    found = screen(JOINT.join(part))
    signs = tuple(_moved(sign, JOINT.join(part), starts, offsets[first:last], whole) for sign in found.signs)
    return replace(found, signs=signs)


def _distinct(signs: Sequence[DangerSign]) -> tuple[DangerSign, ...]:
    """One sign per type and place, gravest and surest first, the narrowest words where all else is equal."""
    kept: list[DangerSign] = []
    for sign in sorted(signs, key=lambda s: (-rank(s.level), -s.score, s.end - s.start, s.start, s.why)):
        if not any(k.type == sign.type and k.start < sign.end and sign.start < k.end for k in kept):
            kept.append(sign)
    return tuple(kept[:MOST_SIGNS])


def screen_conversation(texts: Sequence[str], previous_level: str | None = None) -> Screening:
    """Screen the messages of one person in order. Offsets in each sign are into `"\\n".join(texts)`.

    `previous_level` is the level already reached; the answer's level is never below it. Each message is read alone, each
    window of `WINDOW` messages as one sentence, and the whole once. A message that is harmless where it stands alone never
    takes away what another one said.
    """
    whole = "\n".join(texts)
    offsets = [sum(map(len, texts[:at])) + at for at in range(len(texts))]
    found = [_window(texts, at, at + 1, offsets, whole) for at in range(len(texts))]
    if len(texts) > 1:
        starts = range(max(1, len(texts) - WINDOW + 1))
        found += [_window(texts, at, min(at + WINDOW, len(texts)), offsets, whole) for at in starts]
        found.append(screen(whole))
    signs = _distinct([sign for each in found for sign in each.signs])
    level = worst(previous_level, *(each.level for each in found))
    return Screening(signs, level, max((each.score for each in found), default=0.0))
