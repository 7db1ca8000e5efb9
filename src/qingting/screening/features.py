"""What the linear models see in a stretch of text: hashed n-grams of characters and of sounds, word classes and senses in
their order, guard flags.

Everything is presence only. `features` gives sorted unique bucket numbers, dtype int32, each in [0, BUCKETS).
"""

import re
from collections.abc import Iterable
from functools import cache

import numpy as np

from .lexicon import Finder, shipped_classes
from .senses import sense_keys, sounds

BUCKETS = 1 << 20
LONGEST_GRAM = 3
BY_SOUND = 32  # told apart from characters by the highest bits of the key
NEAR = 24  # characters within which the order of two word classes counts
WORDS_AT_MOST = 64  # word-class places considered per stretch
DENIED = re.compile(r"(?:没有?|不|未|从不|别|无)(?:会|是|要|想|想过|能|再|曾|有|被|去|人|在)*$")
DENIED_WORD = 1000  # added to a class's number; above the number of classes
_MIX = np.uint64(0x9E3779B97F4A7C15)


@cache
def _finder() -> Finder:
    finder = Finder()
    for number, words in enumerate(shipped_classes().values()):
        finder.add(words, number)
    finder.close()
    return finder


def _bucket(keys: np.ndarray) -> np.ndarray:
    """uint64 keys of any shape to bucket numbers; the same on every machine."""
    mixed = keys * _MIX
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    return (mixed >> np.uint64(30)).astype(np.int64) % BUCKETS


def _grams(codes: np.ndarray, shortest: int, mark: int) -> list[np.ndarray]:
    keys, gram = [], np.zeros(len(codes), dtype=np.uint64)
    for size in range(1, min(LONGEST_GRAM, len(codes)) + 1):
        gram = gram[: len(codes) - size + 1] * np.uint64(1_000_003) + codes[size - 1 :]
        if size >= shortest:
            keys.append(gram + np.uint64((mark + size) << 56))
    return keys


def gram_keys(text: str) -> np.ndarray:
    """uint64 keys of all 1- to 3-grams of characters, and 2- and 3-grams of their sounds."""
    codes = np.frombuffer(f"^{text}$".encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.uint64)
    return np.concatenate([*_grams(codes, 1, 0), *_grams(sounds(codes), 2, BY_SOUND)])


def _tokens(text: str) -> list[tuple[int, int]]:
    """(place, token) of word classes in order; a denied word is another token than the plain one."""
    found = []
    for start, _, numbers in _finder().places(text)[:WORDS_AT_MOST]:
        denied = DENIED_WORD if DENIED.search(text[max(0, start - 6) : start]) else 0
        found += [(start, number + denied) for number in sorted(numbers)]
    return found


def class_keys(text: str, flags: Iterable[int]) -> np.ndarray:
    """uint64 keys of the classes present, of ordered pairs of classes near one another, and of the guard flags."""
    tokens = _tokens(text)
    keys = {(1 << 48) + token for _, token in tokens}
    for at, (place, token) in enumerate(tokens):
        for later, other in tokens[at + 1 :]:
            if later - place > NEAR:
                break
            keys.add((2 << 48) + token * 10_000 + other)
    keys |= {(3 << 48) + flag for flag in flags}
    return np.array(sorted(keys), dtype=np.uint64)


def features(masked: str, flags: Iterable[int]) -> np.ndarray:
    """Bucket numbers of a stretch of plain text with its idioms masked; `flags` from `guards.plain_flags`."""
    return np.unique(
        _bucket(np.concatenate([gram_keys(masked), class_keys(masked, flags), sense_keys(masked)]))
    ).astype(np.int32)
