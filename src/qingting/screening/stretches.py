"""Cuts a text into what the models read: each sentence, each pair of neighbours; never longer than they were trained for."""

from collections.abc import Iterator

from .guards import SENTENCE_END

LONGEST = 90  # characters
STEP = 60  # a sentence longer than LONGEST is read in windows this far apart


def sentences(text: str) -> list[tuple[int, int]]:
    """Half-open spans of the sentences that hold more than white space."""
    spans, start = [], 0
    for match in SENTENCE_END.finditer(text):
        spans.append((start, match.end()))
        start = match.end()
    spans.append((start, len(text)))
    return [(first, last) for first, last in spans if text[first:last].strip(" \t\n。!?")]


def stretches(text: str) -> Iterator[tuple[int, int]]:
    """Half-open spans in order: sentences (windowed when long) and neighbouring pairs that are short enough together."""
    spans = sentences(text)
    for at, (start, end) in enumerate(spans):
        if end - start <= LONGEST:
            yield start, end
        else:
            yield from ((at, min(at + LONGEST, end)) for at in range(start, max(start + 1, end - LONGEST + STEP), STEP))
        if at and end - spans[at - 1][0] <= LONGEST:
            yield spans[at - 1][0], end
