"""Screening of a conversation: each message, a window of the last few read as one, and the whole; the level only rises."""

import re
from collections.abc import Sequence
from dataclasses import replace

from .engine import MOST_SIGNS, screen
from .signs import DangerSign, Screening, rank, worst
from .stretches import sentences

WINDOW = 4  # messages read together, so that a sentence sent in pieces is still one sentence
JOINT = "，"  # what stands between messages of a window when they are read as one
YES = re.compile(
    r"(?:(?:嗯|恩|是|对|有|会|想过?|过|的|了|吧|啊|呢|算|偶尔|有时候?|经常|一直|每天|最近|好像|应该|可能|差不多|"
    r"一点点?|点头|我也不知道怎么说|你怎么知道)[,，。.!！~…\s]*){1,8}"
)
ASKED = re.compile(r"有没有|是不是|会不会|能不能|想不想|要不要|是否|曾经|[吗么呢?？]")
TOLD_BY_YES = 0.9  # what a yes to a question is worth beside the same thing said in full


def _moved(sign: DangerSign, joined: str, starts: Sequence[int], offsets: Sequence[int], whole: str) -> DangerSign:
    """A sign found in `joined` with its offsets in `whole`."""
    first = max(at for at, start in enumerate(starts) if start <= sign.start)
    last = max(at for at, start in enumerate(starts) if start < sign.end)
    start, end = offsets[first] + sign.start - starts[first], offsets[last] + sign.end - starts[last]
    start, end = min(start, len(whole)), min(end, len(whole))
    return replace(sign, start=start, end=max(start, end), words=whole[start : max(start, end)])


def _window(texts: Sequence[str], first: int, last: int, offsets: Sequence[int], whole: str) -> Screening:
    """Messages first..last-1 read as one, signs placed in the whole. Of several messages the rules alone speak: the
    models never learnt from sentences put together like this."""
    part = texts[first:last]
    starts = [sum(map(len, part[:at])) + at * len(JOINT) for at in range(len(part))]
    found = screen(JOINT.join(part))
    kept = [sign for sign in found.signs if len(part) == 1 or not sign.why.startswith("model:")]
    signs = tuple(_moved(sign, JOINT.join(part), starts, offsets[first:last], whole) for sign in kept)
    return Screening(signs, worst(*(sign.level for sign in kept)), found.score if signs or len(part) == 1 else 0.0)


def _distinct(signs: Sequence[DangerSign]) -> tuple[DangerSign, ...]:
    """One sign per type and place, gravest and surest first, the narrowest words where all else is equal."""
    kept: list[DangerSign] = []
    for sign in sorted(signs, key=lambda s: (-rank(s.level), -s.score, s.end - s.start, s.start, s.why)):
        if not any(k.type == sign.type and k.start < sign.end and sign.start < k.end for k in kept):
            kept.append(sign)
    return tuple(kept[:MOST_SIGNS])


def _answered(asked: str, answer: str) -> Screening:
    """What a plain yes says to a question about danger: the question's signs, on the words of the answer."""
    if not asked or not YES.fullmatch(answer.strip()) or not ASKED.search(asked):
        return Screening()
    said = screen(ASKED.sub("", asked))
    signs = tuple(
        replace(sign, start=0, end=len(answer), words=answer, why=f"yes:{sign.why}", score=sign.score * TOLD_BY_YES)
        for sign in said.signs
    )
    return replace(said, signs=signs[:1], level=worst(*(sign.level for sign in signs[:1])))


def screen_latest(texts: Sequence[str], previous_level: str | None = None, asked: str = "") -> Screening:
    """Screen the last of one person's messages in the light of those before it: alone, with the window that ends in it,
    within the whole, and as an answer to `asked`, the question just before it. The earlier ones had their turn.

    Offsets and level are as in `screen_conversation`.
    """
    if not texts:
        return Screening(level=previous_level)
    whole = "\n".join(texts)
    offsets = [sum(map(len, texts[:at])) + at for at in range(len(texts))]
    last = len(texts) - 1
    found = [_window(texts, last, last + 1, offsets, whole)]
    if last:
        found += [_window(texts, max(0, last + 1 - WINDOW), last + 1, offsets, whole), screen(whole)]
    yes = _answered(asked, texts[-1])
    at = offsets[-1]
    found.append(replace(yes, signs=tuple(replace(s, start=s.start + at, end=s.end + at) for s in yes.signs)))
    signs = _distinct([sign for each in found for sign in each.signs])
    level = worst(previous_level, *(each.level for each in found))
    return Screening(signs, level, max(each.score for each in found))


def screen_note(text: str) -> Screening:
    """Screen a long note, as a counsellor writes it: by sentence and as a whole. Offsets are into `text`."""
    found = [screen(text)]
    spans = sentences(text)
    if len(spans) > 1:
        for start, end in spans:
            one = screen(text[start:end])
            moved = tuple(replace(sign, start=sign.start + start, end=sign.end + start) for sign in one.signs)
            found.append(replace(one, signs=moved))
    signs = _distinct([sign for each in found for sign in each.signs])
    return Screening(signs, worst(*(each.level for each in found)), max(each.score for each in found))


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
